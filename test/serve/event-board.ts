import t, { type Test } from 'tap'
import { EventBoard } from '../../src/serve/event-board.ts'
import { Hub } from '../../src/serve/hub.ts'
import { limits } from '../../src/serve/limits.ts'
import { fakeSource, fakeWatch, say } from '../helpers/serve/fake-source.ts'

const signal = new AbortController().signal

function outlet() {
  const it = {
    text: '',
    writableLength: 0,
    isOver: false,
    write: (text: string | Buffer) => void (it.text += String(text)),
    end: () => void (it.isOver = true),
    destroy: () => void (it.isOver = true),
  }
  return it
}

async function board(t: Test) {
  const [own, peer] = [fakeSource('n1'), fakeSource('n2')]
  say(own, 'first')
  say(peer, 'first of the peer')
  const pace = { watchesEveryMs: 5, alertsEveryMs: 5 }
  const hub = new Hub(
    Array.from([own, peer], (source) => ({ source, ...pace })),
    () => new Date(0),
  )
  const events = new EventBoard(hub, 'n1')
  t.teardown(() => {
    events.close()
  })
  const look = async () => {
    for (const host of ['n1', 'n2']) {
      await hub.lookAtWatches(host, signal)
      await hub.lookAtAlerts(host, signal)
    }
  }
  await look()
  return { own, peer, hub, events, look }
}

const messages = (text: string) => [...text.matchAll(/"message":"([^"]*)"/g)].map(([, m]) => m)

t.test('a client hears what happens, a peer only what is our own', async (t) => {
  const { own, peer, events, look } = await board(t)
  const [all, ours] = [outlet(), outlet()]
  await events.add(all, { resume: undefined, ownOnly: false }, signal)
  await events.add(ours, { resume: undefined, ownOnly: true }, signal)
  t.match(all.text, /^retry: 1000\nevent: hello\ndata: .*"host":"n1"/)
  own.held = [fakeWatch('w1')]
  peer.held = [fakeWatch('w2')]
  say(own, 'a')
  say(peer, 'b')
  await look()
  own.held = []
  peer.broken = 'gone'
  await look()
  t.strictSame(messages(all.text), ['a', 'b'])
  t.match(all.text, /event: watch.*w1.*event: watch.*w2.*event: gone.*event: host.*gone/s)
  t.strictSame(messages(ours.text), ['a'])
  t.notMatch(ours.text, /n2/)
})

t.test('one that comes back hears everything that it missed, once', async (t) => {
  const { own, peer, hub, events, look } = await board(t)
  const resume = hub.resume()
  say(own, 'x1', { time: '2026-01-02T00:00:00.000Z' })
  say(peer, 'x2', { time: '2026-01-02T00:00:01.000Z' })
  say(own, 'x3', { time: '2026-01-02T00:00:02.000Z' })
  const client = outlet()
  const adding = events.add(client, { resume, ownOnly: false }, signal)
  await look()
  await adding
  t.strictSame(messages(client.text), ['x1', 'x2', 'x3'])
  const [last] = [...client.text.matchAll(/^id: (\S+)$/gm)].slice(-1)
  const again = outlet()
  await events.add(again, { resume: last?.[1], ownOnly: false }, signal)
  t.strictSame(messages(again.text), [], 'its last ID stands for all hosts')
})

t.test('one that missed too much, or asks with nonsense, is told to read anew', async (t) => {
  const { own, peer, hub, events } = await board(t)
  const resume = hub.resume()
  const add = async (from: string) => {
    const client = outlet()
    await events.add(client, { resume: from, ownOnly: false }, signal)
    return client.text
  }
  t.match(await add('%%%'), /event: reset/)
  peer.broken = 'gone'
  t.match(await add(resume), /event: reset/, 'what a host that is gone said meanwhile is not known')
  peer.broken = undefined
  t.notMatch(await add(resume), /event: reset/)
  for (let i = 0; i <= limits.caughtUp; i += 1) say(own, 'x')
  t.match(await add(resume), /event: reset/)
})

t.test('there is room for so many, and those that left make room', async (t) => {
  const { own, events, look } = await board(t)
  const clients = []
  for (let i = 0; i < limits.eventClients; i += 1) {
    const client = outlet()
    clients.push(client)
    await events.add(client, { resume: undefined, ownOnly: false }, signal)
  }
  t.notOk(events.hasRoom())
  for (const client of clients.slice(0, 3)) client.writableLength = limits.unreadBytes
  say(own, 'x')
  await look()
  t.equal(events.size, limits.eventClients - 3)
  t.ok(events.hasRoom())
  const last = outlet()
  const client = await events.add(last, { resume: undefined, ownOnly: false }, signal)
  events.remove(client)
  t.ok(last.isOver)
  events.close()
  t.equal(events.size, 0)
  t.ok(clients.every(({ isOver }) => isOver))
})
