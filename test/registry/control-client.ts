import { once } from 'node:events'
import { renameSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import t from 'tap'
import { askMonitor, isListening } from '../../src/registry/control-client.ts'
import { openSocketPath } from '../../src/registry/socket-path.ts'
import { name, serve } from '../helpers/control-sample.ts'

const request = { command: 'clp_sambamon', action: 'stop' } as const

function soon(): AbortSignal {
  return AbortSignal.timeout(30_000)
}

/** A monitor that does something else than answering. */
async function misbehave(t: Tap, directory: string, act: (socket: Socket) => void) {
  const { path, close } = openSocketPath(directory, name)
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    act(socket)
  }).listen(path)
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close(close)
  })
}

type Tap = { teardown: (act: () => void) => void }

t.test('the answer of a monitor comes back', async (t) => {
  const directory = t.testdir()
  const server = await serve(directory)
  t.same(await askMonitor({ directory, name }, request, soon()), {
    kind: 'answer',
    answer: { ok: true, state: 'watching', text: 'stop' },
  })
  t.equal(await isListening({ directory, name }, soon()), true)
  server.close()
})

t.test('where nobody listens, nobody answers', async (t) => {
  const directory = t.testdir({ file: '' })
  t.same(await askMonitor({ directory, name }, request, soon()), { kind: 'nobody' })
  const server = await serve(directory)
  renameSync(`${directory}/${name}`, `${directory}/kept`)
  server.close()
  renameSync(`${directory}/kept`, `${directory}/${name}`)
  t.same(await askMonitor({ directory, name }, request, soon()), { kind: 'nobody' })
  t.equal(await isListening({ directory, name }, soon()), false)
  writeFileSync(`${directory}/x.sock`, '')
  t.equal(await isListening({ directory, name: 'x.sock' }, soon()), false)
  const deep = `${directory}/${'d'.repeat(200)}`
  t.same(await askMonitor({ directory: deep, name }, request, soon()), { kind: 'nobody' })
})

t.test('a monitor that does not answer is waited for until the signal', async (t) => {
  const directory = t.testdir()
  await misbehave(t, directory, () => undefined)
  t.same(await askMonitor({ directory, name }, request, AbortSignal.timeout(50)), {
    kind: 'no-answer',
  })
  t.same(await askMonitor({ directory, name }, request, AbortSignal.abort()), { kind: 'no-answer' })
  t.equal(await isListening({ directory, name }, soon()), true)
})

t.test('what is no answer is told as such', async (t) => {
  for (const [act, reason] of [
    [(socket: Socket) => socket.end('garbage\n'), /without an answer/],
    [(socket: Socket) => socket.end(), /without an answer/],
    [(socket: Socket) => socket.write('x'.repeat(100_000)), /too long/],
    [(socket: Socket) => socket.destroy(), /without an answer|EPIPE|ECONNRESET/],
  ] as const) {
    const directory = t.testdir({})
    await misbehave(t, directory, act)
    const reply = await askMonitor({ directory, name }, request, soon())
    t.match(reply, { kind: 'broken', reason })
  }
})
