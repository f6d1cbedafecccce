import t from 'tap'
import { EventClient } from '../../src/serve/event-client.ts'
import type { HubEvent } from '../../src/serve/hub.ts'
import { fakeSource, say } from '../helpers/serve/fake-source.ts'

function outlet() {
  const it = {
    written: [] as string[],
    writableLength: 0,
    state: 'open',
    write: (text: string | Buffer) => void it.written.push(String(text)),
    end: () => void (it.state = 'ended'),
    destroy: () => void (it.state = 'destroyed'),
  }
  return it
}

const source = fakeSource('n1')
const alert = (message: string): HubEvent & { kind: 'alert' } => ({
  kind: 'alert',
  alert: { host: 'n1', ...say(source, message) },
  resume: '',
})

t.test('what was missed comes first, and none of it twice', async (t) => {
  const out = outlet()
  const client = new EventClient(out, 1000)
  const [one, two] = [alert('one'), alert('two')]
  client.send(two, 'two')
  client.send({ kind: 'gone', host: 'n1', revision: 1, id: 'w' }, 'gone')
  client.sendMissed(one, 'one')
  client.sendMissed(two, 'two')
  client.goLive()
  client.send(alert('three'), 'three')
  t.strictSame(out.written, ['one', 'two', 'gone', 'three'])
})

t.test('one that takes nothing is let go, and costs nothing more', async (t) => {
  const out = outlet()
  const client = new EventClient(out, 10)
  client.goLive()
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

t.test('what waits is bounded, too', async (t) => {
  const out = outlet()
  const client = new EventClient(out, 10)
  for (let i = 0; i < 3; i += 1) client.send(alert('x'), '12345')
  t.notOk(client.isOpen)
  client.goLive()
  t.strictSame(out.written, [])
})

t.test('leave is taken once', async (t) => {
  const out = outlet()
  const client = new EventClient(out, 10)
  client.end()
  client.end()
  t.equal(out.state, 'ended')
})

t.test(
  'what is said to all at once goes to each that is live, and waits for the others',
  async (t) => {
    const out = outlet()
    const client = new EventClient(out, 1000)
    const batch = [alert('one'), alert('two')].map((event) => ({
      event,
      text: event.alert.message,
    }))
    client.sendAll(batch, Buffer.from('onetwo'))
    t.strictSame(out.written, [])
    client.goLive()
    client.sendAll(batch, Buffer.from('whole'))
    t.strictSame(out.written, ['one', 'two', 'whole'])
  },
)
