import { once } from 'node:events'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import t from 'tap'
import { pooledDisk } from '../../src/registry/disk.ts'
import { askMonitor } from '../../src/registry/control-client.ts'
import type { ControlAction } from '../../src/registry/control-message.ts'
import { openSocketPath } from '../../src/registry/socket-path.ts'
import { dial, name, readAll, serve } from '../helpers/control-sample.ts'
import { eventually } from '../helpers/eventually.ts'

const stop = '{"command":"clp_sambamon","action":"stop"}\n'

async function isWell(directory: string): Promise<boolean> {
  const request = { command: 'clp_sambamon', action: 'status' } as const
  const reply = await askMonitor({ directory, name }, request, AbortSignal.timeout(30_000))
  return reply.kind === 'answer' && reply.answer.ok
}

t.test(
  'a request is answered when it has taken effect, and its socket is ours alone',
  async (t) => {
    const dir = t.testdir()
    const gate = new EventTarget()
    const seen: ControlAction[] = []
    const server = await serve(dir, async (action) => {
      seen.push(action)
      await once(gate, 'done')
      return { ok: true, state: 'paused', text: 'paused' }
    })
    t.equal(lstatSync(`${dir}/${name}`).mode & 0o777, 0o600)
    const socket = await dial(dir)
    socket.write('{"command":"clp_sambamon",')
    socket.write('"action":"pause"}\n')
    const answer = readAll(socket)
    const answered = { yet: false }
    void answer.then(() => (answered.yet = true))
    await eventually('it is seen', () => seen.length > 0)
    t.equal(answered.yet, false)
    gate.dispatchEvent(new Event('done'))
    t.equal(await answer, '{"ok":true,"state":"paused","text":"paused"}\n')
    t.same(seen, ['pause'])
    server.close()
    t.equal(existsSync(`${dir}/${name}`), false)
  },
)

t.test('the other command, and what is no request, are refused', async (t) => {
  const dir = t.testdir()
  const server = await serve(dir, async () => {
    throw new Error('was carried out')
  })
  for (const [line, text] of [
    ['{"command":"clp_nfsmon","action":"stop"}\n', /belongs to clp_sambamon/],
    ['garbage\n', /not a request/],
    ['\n', /not a request/],
    ['\0\xff\xfe\n', /not a request/],
    ['x'.repeat(5000), /not a request/],
    [`{"command":"clp_sambamon","action":"stop","x":"${'y'.repeat(5000)}"}\n`, /not a request/],
  ] as const) {
    const socket = await dial(dir)
    socket.write(line)
    t.match(await readAll(socket), text)
  }
  server.close()
})

t.test('a handler that throws is answered for', async (t) => {
  const dir = t.testdir()
  const server = await serve(dir, async () => {
    throw new Error('a bug')
  })
  const socket = await dial(dir)
  socket.write(stop)
  t.match(await readAll(socket), '"text":"Error: a bug"')
  server.close()
})

t.test('a megabyte without an end is refused and not kept', async (t) => {
  const dir = t.testdir()
  const server = await serve(dir)
  const socket = await dial(dir)
  socket.write(Buffer.alloc(1_000_000, 0x78))
  await readAll(socket)
  t.ok(socket.destroyed)
  t.equal(await isWell(dir), true)
  server.close()
})

t.test('half a line, and then nothing or the end, is no request', async (t) => {
  const dir = t.testdir()
  const server = await serve(dir)
  const silent = await dial(dir)
  silent.write('{"command":')
  const closing = await dial(dir)
  closing.end('{"command":')
  const gone = await dial(dir)
  gone.write('{"command":')
  gone.destroy()
  t.equal(await readAll(closing), '')
  t.equal(await readAll(silent), '')
  t.equal(await isWell(dir), true)
  server.close()
})

t.test('who shuts its side down after the request still gets the answer', async (t) => {
  const dir = t.testdir()
  const server = await serve(dir)
  const socket = await dial(dir)
  socket.end(stop)
  t.match(await readAll(socket), '"text":"stop"')
  server.close()
})

t.test('who sends more after the request gets one answer', async (t) => {
  const dir = t.testdir()
  const server = await serve(dir)
  const socket = await dial(dir)
  socket.write(`${stop}${stop}`)
  socket.write('x'.repeat(100_000))
  t.equal((await readAll(socket)).split('\n').length, 2)
  server.close()
})

t.test('who does not take the answer, nor closes, is not waited for', async (t) => {
  const dir = t.testdir()
  const server = await serve(dir)
  const { path, close } = openSocketPath(dir, name)
  const socket = connect({ path, allowHalfOpen: true })
  await once(socket, 'connect')
  close()
  socket.write(stop)
  socket.resume()
  await once(socket, 'end')
  const gone = once(socket, 'error')
  const writing = setInterval(() => socket.write('x'), 20)
  t.match(await gone, [{ code: /EPIPE|ECONNRESET/ }])
  clearInterval(writing)
  t.equal(await isWell(dir), true)
  server.close()
})

t.test(
  'two hundred connections that say nothing do not keep a request from its answer',
  async (t) => {
    const dir = t.testdir()
    const server = await serve(dir)
    const sockets = await Promise.all(Array.from({ length: 200 }, () => dial(dir)))
    t.equal(await isWell(dir), true)
    await Promise.all(sockets.map(readAll))
    t.equal(await isWell(dir), true)
    server.close()
  },
)

t.test('as many requests under way as are kept turn others away', async (t) => {
  const dir = t.testdir()
  const gate = new EventTarget()
  const begun: ControlAction[] = []
  const server = await serve(dir, async (action) => {
    begun.push(action)
    await once(gate, 'done')
    return { ok: true, state: '', text: action }
  })
  const sockets = await Promise.all(Array.from({ length: 32 }, () => dial(dir)))
  for (const socket of sockets) socket.write(stop)
  await eventually('all have begun', () => begun.length === 32)
  const answers = Promise.all(sockets.map(readAll))
  t.equal(await readAll(await dial(dir)), '')
  gate.dispatchEvent(new Event('done'))
  for (const answer of await answers) t.match(answer, '"ok":true')
  server.close()
})

t.test('a socket, a file or a link that was left behind is replaced', async (t) => {
  const dir = t.testdir({ precious: 'p' })
  writeFileSync(`${dir}/${name}`, '')
  ;(await serve(dir)).close()
  symlinkSync(`${dir}/precious`, `${dir}/${name}`)
  ;(await serve(dir)).close()
  const abandoned = await serve(dir)
  renameSync(`${dir}/${name}`, `${dir}/kept`)
  abandoned.close()
  renameSync(`${dir}/kept`, `${dir}/${name}`)
  const server = await serve(dir)
  t.equal(await isWell(dir), true)
  t.equal(lstatSync(`${dir}/precious`).isFile(), true)
  server.close()
})

t.test('a place where no socket can be is an error', async (t) => {
  const dir = t.testdir()
  mkdirSync(`${dir}/${name}`)
  await t.rejects(serve(dir))
  await t.rejects(serve(`${dir}/missing`))
  await t.rejects(serve('/nowhere'), { message: /listen/ })
})

t.test('whether it can be reached shows by what lies under its name', async (t) => {
  const dir = t.testdir()
  const server = await serve(dir)
  t.equal(await server.isReachable(pooledDisk), true)
  rmSync(`${dir}/${name}`)
  t.equal(await server.isReachable(pooledDisk), false)
  writeFileSync(`${dir}/${name}`, '')
  t.equal(await server.isReachable(pooledDisk), false)
  server.close()
  server.close()
})
