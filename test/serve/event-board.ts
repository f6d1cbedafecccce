import { mkdirSync } from 'node:fs'
import t, { type Test } from 'tap'
import { layoutUnder } from '../../src/registry/layout.ts'
import { EventBoard } from '../../src/serve/event-board.ts'
import { Hub } from '../../src/serve/hub.ts'
import { limits } from '../../src/serve/limits.ts'
import { ownSource } from '../../src/serve/own-source.ts'
import { AlertLog, alertLine } from '../helpers/alert-log.ts'
import { eventually } from '../helpers/eventually.ts'
import { fakeOutlet, type FakeOutlet } from '../helpers/serve/fake-outlet.ts'
import { fakeSource, fakeWatch, say } from '../helpers/serve/fake-source.ts'

const signal = new AbortController().signal

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
  const [all, ours] = [fakeOutlet(), fakeOutlet()]
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
  await look()
  const client = fakeOutlet()
  const adding = events.add(client, { resume, ownOnly: false }, signal)
  say(peer, 'x4')
  await look()
  await adding
  t.strictSame(messages(client.text), ['x1', 'x2', 'x3', 'x4'])
  const [last] = [...client.text.matchAll(/^id: (\S+)$/gm)].slice(-1)
  const again = fakeOutlet()
  await events.add(again, { resume: last?.[1], ownOnly: false }, signal)
  t.strictSame(messages(again.text), [], 'its last ID stands for all hosts')
})

t.test('one that missed too much, or asks with nonsense, is told to read anew', async (t) => {
  const { own, peer, hub, events, look } = await board(t)
  const resume = hub.resume()
  const add = async (from: string) => {
    const client = fakeOutlet()
    await events.add(client, { resume: from, ownOnly: false }, signal)
    return client.text
  }
  t.match(await add('%%%'), /event: reset/)
  peer.broken = 'gone'
  t.notMatch(await add(resume), /event: reset/, 'it has heard all that the others have')
  peer.broken = undefined
  say(peer, 'x')
  await look()
  t.strictSame(messages(await add(resume)), ['x'])
  peer.broken = 'gone'
  t.match(await add(resume), /event: reset/, 'what a host said that is gone now is not known')
  peer.broken = undefined
  for (let i = 0; i <= limits.caughtUp; i += 1) say(own, 'x')
  for (let i = 0; i < 3; i += 1) await look()
  const text = await add(resume)
  const [reset = ''] = /event: reset\nid: .*/.exec(text) ?? []
  t.equal(reset, `event: reset\nid: ${hub.resume()}`, 'it goes on from where all are')
  t.ok(messages(text).length <= limits.caughtUp)
  t.strictSame(messages(await add(hub.resume())), [])
})

t.test('nobody hears an alert twice, or ahead of the others', async (t) => {
  const { own, hub, events, look } = await board(t)
  const resume = hub.resume()
  say(own, 'told')
  await look()
  say(own, 'not told yet')
  const client = fakeOutlet()
  await events.add(client, { resume, ownOnly: false }, signal)
  t.strictSame(messages(client.text), ['told'])
  t.equal(/^id: (\S+)$/m.exec(client.text)?.[1], hub.resume())
  await look()
  t.strictSame(messages(client.text), ['told', 'not told yet'])
})

t.test('what one misses that comes back slowly waits for it', async (t) => {
  const { own, hub, events, look } = await board(t)
  const resume = hub.resume()
  const many = limits.handful + 10
  for (let i = 0; i < many; i += 1) say(own, `missed ${i}`)
  await look()
  const client = fakeOutlet()
  client.writableNeedDrain = true
  const adding = events.add(client, { resume, ownOnly: false }, signal)
  await eventually('the first one is there', () => client.text.includes('missed'))
  say(own, 'meanwhile')
  await look()
  t.strictSame(messages(client.text), ['missed 0'])
  client.drain()
  await adding
  t.equal(messages(client.text).length, many + 1)
  t.equal(messages(client.text).at(-1), 'meanwhile')
})

t.test('one that leaves while it catches up is left alone', async (t) => {
  const { own, hub, events, look } = await board(t)
  const resume = hub.resume()
  for (let i = 0; i < 2; i += 1) say(own, `missed ${i}`)
  await look()
  const client = fakeOutlet()
  client.writableNeedDrain = true
  const gone = new AbortController()
  const adding = events.add(client, { resume, ownOnly: false }, gone.signal)
  await eventually('the first one is there', () => client.text.includes('missed'))
  t.equal(events.size, 1)
  gone.abort()
  await adding
  t.strictSame(messages(client.text), ['missed 0'])
  t.equal(events.size, 0)
  const late = fakeOutlet()
  await events.add(late, { resume, ownOnly: false }, gone.signal)
  t.strictSame([events.size, late.text, late.state], [0, '', 'destroyed'])
})

/** The same numbers in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * sides)
  }
}

t.test('cut off anywhere, one hears everything once and in order, over rotations', async (t) => {
  for (const seed of [1, 2, 3]) {
    const layout = layoutUnder(t.testdir())
    mkdirSync(layout.log, { recursive: true })
    const log = new AlertLog(layout.log)
    log.add(alertLine(0))
    const source = ownSource('n1', layout)
    const hub = new Hub([{ source, watchesEveryMs: 5, alertsEveryMs: 5 }], () => new Date(0))
    const events = new EventBoard(hub, 'n1')
    await hub.lookAtAlerts('n1', signal)
    const roll = dice(seed)
    const heard: string[] = []
    let resume = hub.resume()
    let said = 1
    let open: { adding: Promise<void>; gone: AbortController; outlet: FakeOutlet } | undefined
    const cutOff = async () => {
      if (open === undefined) return
      const { adding, gone, outlet } = open
      // Sometimes in the middle of catching up.
      if (roll(2) === 0) await adding
      gone.abort()
      await adding
      const { text } = outlet
      open = undefined
      // What was under way is lost, also in the middle of an event.
      for (const block of text
        .slice(0, roll(text.length + 1))
        .split('\n\n')
        .slice(0, -1)) {
        resume = /^id: (\S+)$/m.exec(block)?.[1] ?? resume
        heard.push(...messages(block).flatMap((message) => message ?? []))
        if (block.includes('event: reset')) heard.push('reset')
      }
    }
    const connect = () => {
      const outlet = fakeOutlet()
      const gone = new AbortController()
      const adding = events.add(outlet, { resume, ownOnly: false }, gone.signal)
      open = { adding, gone, outlet }
    }
    for (let step = 0; step < 100; step += 1) {
      const what = roll(10)
      if (what < 4) {
        for (let i = roll(20); i >= 0; i -= 1) log.add(alertLine((said += 1) - 1))
      } else if (what < 7) await hub.lookAtAlerts('n1', signal)
      else if (what < 8 && step % 3 === 0) log.rotate()
      else if (open === undefined) connect()
      else await cutOff()
    }
    await cutOff()
    for (let look = 0; look < 8; look += 1) await hub.lookAtAlerts('n1', signal)
    const last = fakeOutlet()
    await events.add(last, { resume, ownOnly: false }, signal)
    heard.push(...messages(last.text).flatMap((message) => message ?? []))
    const all = Array.from({ length: said - 1 }, (_, i) => `alert ${i + 1}`)
    t.notMatch(last.text, /event: reset/)
    t.strictSame(heard, all, `seed ${seed}`)
    events.close()
  }
})

t.test('everybody hears something now and then, and who takes nothing is found out', async (t) => {
  const beats: (() => void)[] = []
  const { setInterval } = globalThis
  t.intercept(globalThis, 'setInterval', {
    value: (beat: () => void, ms: number) => {
      beats.push(beat)
      t.equal(ms, limits.heartbeatMs)
      return setInterval(() => undefined, 60_000)
    },
  })
  const { events } = await board(t)
  const [awake, deaf] = [fakeOutlet(), fakeOutlet()]
  for (const client of [awake, deaf]) {
    await events.add(client, { resume: undefined, ownOnly: false }, signal)
  }
  deaf.writableLength = limits.unreadBytes
  for (const beat of beats) beat()
  t.match(awake.text, /\n: still here\n\n$/)
  t.equal(deaf.state, 'destroyed')
  t.equal(events.size, 1)
})

t.test('there is room for so many, and those that left make room', async (t) => {
  const { own, events, look } = await board(t)
  const clients = []
  for (let i = 0; i < limits.eventClients; i += 1) {
    const client = fakeOutlet()
    clients.push(client)
    await events.add(client, { resume: undefined, ownOnly: false }, signal)
  }
  t.notOk(events.hasRoom())
  for (const client of clients.slice(0, 3)) client.writableLength = limits.unreadBytes
  say(own, 'x')
  await look()
  t.equal(events.size, limits.eventClients - 3)
  t.ok(events.hasRoom())
  const last = fakeOutlet()
  const gone = new AbortController()
  await events.add(last, { resume: undefined, ownOnly: false }, gone.signal)
  gone.abort()
  t.equal(last.state, 'destroyed')
  events.close()
  t.equal(events.size, 0)
  t.ok(clients.every(({ state }) => state !== 'open'))
})
