import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Test } from 'tap'

/** Listens, says where, and never comes round to accepting anybody. */
const program = `
  const server = require('node:net').createServer()
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120_000)
  })
`

/** A port on which nobody answers, not even the kernel: its queue is full. */
export async function deafPort(t: Test): Promise<number> {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  const [text] = (await once(child.stdout, 'data')) as [Buffer]
  const port = Number(text.toString())
  // The kernel takes one more than the queue is long; from then on it drops what comes.
  for (;;) {
    const socket = connect({ host: '127.0.0.1', port })
    socket.on('error', () => {})
    t.teardown(() => socket.destroy())
    const isIn = await new Promise((resolve) => {
      socket.on('connect', () => resolve(true))
      setTimeout(() => resolve(false), 300)
    })
    if (!isIn) return port
  }
}
