import t from 'tap'
import { EventClient } from '../../src/serve/event-client.ts'
import type { HubEvent } from '../../src/serve/hub.ts'
import { fakeOutlet } from '../helpers/serve/fake-outlet.ts'
import { fakeSource, fakeWatch, say } from '../helpers/serve/fake-source.ts'

const source = fakeSource('n1')
const alert = (message: string): HubEvent & { kind: 'alert' } => ({
  kind: 'alert',
  alert: { host: 'n1', ...say(source, message) },
  resume: '',
})

const one = (event: HubEvent, text: string): [{ event: HubEvent; text: string }[], Buffer] => [
  [{ event, text }],
  Buffer.from(text),
]
const watch = (id: string, revision: number): HubEvent => ({
  kind: 'watch',
  host: 'n1',
  revision,
  watch: fakeWatch(id),
})

t.test('what was missed comes first, then what waited, then what happens', async (t) => {
  const out = fakeOutlet()
  const client = new EventClient(out, 1000)
  client.send(...one(alert('three'), 'three'))
  client.send(...one({ kind: 'gone', host: 'n1', revision: 1, id: 'w' }, 'gone'))
  await client.sendMissed(['one', 'two'])
  await client.goLive()
  client.send(...one(alert('four'), 'four'))
  t.strictSame(out.written, ['one', 'two', 'three', 'gone', 'four'])
})

t.test('of what is now only the last waits, in its place', async (t) => {
  const out = fakeOutlet()
  const client = new EventClient(out, 1000)
  const host = { host: 'n1', reachable: true, since: '' }
  const reset = { kind: 'reset', host: 'n1', resume: '' } as const
  client.send(...one(watch('a', 1), 'a1'))
  client.send(...one(watch('b', 2), 'b2'))
  client.send(...one({ kind: 'host', host }, 'host'))
  client.send(...one(watch('a', 3), 'a3'))
  client.send(...one({ kind: 'gone', host: 'n1', revision: 4, id: 'b' }, 'b gone'))
  client.send(...one(reset, 'reset'))
  client.send(...one({ kind: 'host', host }, 'host again'))
  await client.goLive()
  t.strictSame(out.written, ['a3', 'b gone', 'reset', 'host again'])
})

t.test('one that takes nothing is let go, and costs nothing more', async (t) => {
  const out = fakeOutlet()
  const client = new EventClient(out, 10)
  await client.goLive()
  client.write('12345')
  t.ok(client.isOpen)
  out.writableLength = 8
  client.write('12345')
  t.notOk(client.isOpen)
  t.equal(out.state, 'destroyed')
  client.write('x')
  client.end()
  t.strictSame(out.written, ['12345'])
  t.equal(out.state, 'destroyed')
})

t.test('one that has taken everything gets whatever comes', async (t) => {
  const out = fakeOutlet()
  const client = new EventClient(out, 10)
  await client.goLive()
  client.write('x'.repeat(100))
  t.ok(client.isOpen)
})

t.test('a slow one gets what it missed and what waits at its own pace', async (t) => {
  const out = fakeOutlet()
  const client = new EventClient(out, 20)
  client.send(...one(alert('x'), 'waits 1'))
  client.send(...one(alert('x'), 'waits 2'))
  out.writableNeedDrain = true
  const missed = client.sendMissed(['missed'])
  out.drain()
  await missed
  out.writableNeedDrain = true
  const live = client.goLive()
  t.strictSame(out.written, ['missed', 'waits 1'])
  client.send(...one(alert('x'), 'waits 3'))
  out.drain()
  await live
  t.strictSame(out.written.slice(2), ['waits 2', 'waits 3'])
  t.strictSame(out.listeners(), 0)
})

t.test('nobody waits for one that is gone', async (t) => {
  for (const leave of ['drop', 'end'] as const) {
    const out = fakeOutlet()
    const client = new EventClient(out, 20)
    out.writableNeedDrain = true
    const missed = client.sendMissed(['missed'])
    client[leave]()
    await missed
    await client.goLive()
    client.send(...one(alert('x'), 'x'))
    t.strictSame(out.written, ['missed'], leave)
  }
})

t.test('the alerts that wait are bounded, too', async (t) => {
  const out = fakeOutlet()
  const client = new EventClient(out, 10)
  for (let i = 0; i < 3; i += 1) client.send(...one(alert('x'), '12345'))
  t.notOk(client.isOpen)
  await client.goLive()
  t.strictSame(out.written, [])
})

t.test('leave is taken once', async (t) => {
  const out = fakeOutlet()
  const client = new EventClient(out, 10)
  client.end()
  client.end()
  t.equal(out.state, 'ended')
})
