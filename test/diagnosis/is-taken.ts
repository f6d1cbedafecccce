import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import t from 'tap'
import { isTaken } from '../../src/diagnosis/is-taken.ts'

t.test('somebody who listens takes a connection, nobody does not', async (t) => {
  const server = createServer((socket) => socket.destroy())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  t.equal(await isTaken('127.0.0.1', port, 60_000), true)
  server.close()
  await once(server, 'close')
  // Of 127/8 all is this host, and nobody else is ever given a port there.
  t.equal(await isTaken('127.77.66.55', 1, 60_000), false)
})

t.test('nobody is waited for beyond the limit', async (t) => {
  t.equal(await isTaken('127.0.0.1', 1, 0), false)
})
