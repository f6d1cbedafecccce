import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { bundleChild, startBundled } from '../helpers/bundled-child.ts'
import { eventually } from '../helpers/eventually.ts'

t.setTimeout(120_000)

const childFile = await bundleChild(
  new URL('../helpers/frozen-child.ts', import.meta.url),
  `${t.testdir()}/frozen-child.mjs`,
)

/** A server that answers, or keeps its answer to itself for as long as it is told to. */
async function startServer() {
  const held: Socket[] = []
  const mode = { silent: false }
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    held.push(socket)
    if (!mode.silent) socket.write('x')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = () => {
    for (const socket of held) socket.destroy()
    server.close()
  }
  return { port, mode, held, close }
}

async function startWatch(port: number, deadlineMs: number) {
  const child = startBundled(childFile, [String(port), String(deadlineMs)])
  const said: string[] = []
  child.on('message', (text) => said.push(typeof text === 'string' ? text : ''))
  await eventually('alert 2', () => said.includes('alert 2'))
  return { child, said }
}

t.test(
  'a monitor that is stopped for longer than its deadline holds nothing against the server',
  async (t) => {
    const server = await startServer()
    const { child, said } = await startWatch(server.port, 2000)
    for (let round = 0; round < 3; round += 1) {
      server.mode.silent = true
      const before = server.held.length
      await eventually('a call is held', () => server.held.length > before)
      child.kill('SIGSTOP')
      // The answer comes while nobody is there to read it.
      for (const socket of server.held) socket.write('x')
      server.mode.silent = false
      await delay(3000)
      const stopped = server.held.length
      child.kill('SIGCONT')
      await eventually('more calls are held', () => server.held.length > stopped + 3)
    }
    t.notOk(
      said.find((text) => /check failed|alert 74|alert 6|ended/.test(text)),
      said.join('\n'),
    )
    child.kill('SIGKILL')
    server.close()
  },
)

t.test('a server that dies while the monitor is stopped is found all the same', async (t) => {
  const server = await startServer()
  const { child, said } = await startWatch(server.port, 500)
  server.mode.silent = true
  child.kill('SIGSTOP')
  await delay(1500)
  child.kill('SIGCONT')
  await eventually('the end', () => said.includes('ended abnormal'))
  t.same(said.filter((text) => text.startsWith('alert')).slice(-2), ['alert 74', 'alert 6'])
  server.close()
})
