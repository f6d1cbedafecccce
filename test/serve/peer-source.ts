import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { peerSource } from '../../src/serve/peer-source.ts'
import { fakeSource, fakeWatch, say } from '../helpers/serve/fake-source.ts'
import { served } from '../helpers/serve/served.ts'

const signal = new AbortController().signal
const token = 'a-token-of-20-letters'

t.test("a peer's watches and alerts are read, and only its own", async (t) => {
  const [own, further] = [fakeSource('far'), fakeSource('further')]
  own.held = [fakeWatch('w1')]
  further.held = [fakeWatch('w2')]
  for (let i = 0; i < 5; i += 1)
    say(own, `own ${i}`, { level: i === 2 ? 'error' : 'info', watch: 'w1' })
  say(further, 'further')
  const { port } = await served(t, [own, further], { token })
  const url = new URL(`http://127.0.0.1:${port}/`)
  const peer = peerSource({ host: 'far', url, token })
  t.strictSame(await peer.watches(signal), own.held)
  t.match(await peer.watch?.('w1', signal), { watch: { id: 'w1' }, checks: [{ verdict: 'ok' }] })
  const newest = await peer.before({ filter: {}, limit: 2, position: undefined, signal })
  t.match(newest, { alerts: [{ message: 'own 4' }, { message: 'own 3' }], next: /./ })
  const rest = await peer.before({ filter: {}, limit: 9, position: newest.next, signal })
  t.match(rest, { alerts: [{ message: 'own 2' }, {}, {}], next: undefined })
  const filter = { level: 'error', event: 62, text: 'own', watch: 'w1' } as const
  const errors = await peer.before({ filter, limit: 9, position: undefined, signal })
  t.match(errors.alerts, [{ message: 'own 2' }])
  t.equal(errors.alerts.length, 1)
  const end = await peer.after({ limit: 9, position: undefined, signal })
  t.strictSame(end.alerts, [])
  say(own, 'new')
  const after = await peer.after({ limit: 9, position: end.next, signal })
  t.match(after.alerts, [{ message: 'new' }])
  await t.rejects(peerSource({ host: 'far', url }).watches(signal), /status 401/)
})

t.test('a peer behind a path is asked there, and nowhere else', async (t) => {
  const asked: (string | undefined)[] = []
  const server = createServer(({ url, headers }, response) => {
    asked.push(`${headers.host} ${url}`)
    response.end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  for (const path of ['/node1', '/node1/', '//elsewhere.invalid/']) {
    const url = new URL(`http://127.0.0.1:${port}${path}`)
    await t.rejects(peerSource({ host: 'far', url }).watches(signal))
  }
  t.strictSame(asked, [
    `127.0.0.1:${port} /node1/api/v1/watches?scope=own`,
    `127.0.0.1:${port} /node1/api/v1/watches?scope=own`,
    `127.0.0.1:${port} //elsewhere.invalid/api/v1/watches?scope=own`,
  ])
})
