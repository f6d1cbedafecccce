import t from 'tap'
import { Hub, type HubEvent } from '../../src/serve/hub.ts'
import { limits } from '../../src/serve/limits.ts'
import { decodePositions } from '../../src/serve/position-map.ts'
import { eventually } from '../helpers/eventually.ts'
import { fakeSource, fakeWatch, say } from '../helpers/serve/fake-source.ts'

const signal = new AbortController().signal

function hubOf(...hosts: ReturnType<typeof fakeSource>[]) {
  let second = 0
  const hub = new Hub(
    hosts.map((source) => ({ source, watchesEveryMs: 5, alertsEveryMs: 5 })),
    () => new Date((second += 1) * 1000),
  )
  const events: HubEvent[] = []
  const unsubscribe = hub.subscribe((more) => void events.push(...more))
  return { hub, events, unsubscribe }
}

t.test('what has changed is told, and nothing else', async (t) => {
  const source = fakeSource('n1')
  const { hub, events, unsubscribe } = hubOf(source)
  source.held = [fakeWatch('w1'), fakeWatch('w2')]
  await hub.lookAtWatches('n1', signal)
  t.strictSame(
    events.map(({ kind }) => kind),
    ['host', 'watch', 'watch'],
  )
  await hub.lookAtWatches('n1', signal)
  t.equal(events.length, 3)
  source.held = [fakeWatch('w2', { state: 'failing', failures: 1 })]
  await hub.lookAtWatches('n1', signal)
  t.match(events.slice(3), [
    { kind: 'gone', id: 'w1', host: 'n1' },
    { kind: 'watch', watch: { id: 'w2', state: 'failing' } },
  ])
  const revisions = events.flatMap((event) => ('revision' in event ? [event.revision] : []))
  t.strictSame(
    revisions,
    [...revisions].toSorted((a, b) => a - b),
    'later is higher',
  )
  t.equal(hub.watchesOf('n1').length, 1)
  t.strictSame(hub.watchesOf('nobody'), [])
  t.equal(hub.watch('n1', 'w2')?.watch.failures, 1)
  t.equal(hub.watch('n1', 'w1'), undefined)
  t.equal(hub.watch('nobody', 'w1'), undefined)
  unsubscribe()
  source.held = []
  await hub.lookAtWatches('n1', signal)
  t.equal(events.length, 5)
})

t.test(
  'a host that does not tell is shown so since then, with what was last known of it',
  async (t) => {
    const source = fakeSource('n1')
    const { hub, events } = hubOf(source)
    t.match(hub.hosts(), [{ host: 'n1', reachable: false, problem: 'not asked yet' }])
    source.held = [fakeWatch('w1')]
    await hub.lookAtWatches('n1', signal)
    const [up] = hub.hosts()
    source.broken = 'it is gone'
    await hub.lookAtWatches('n1', signal)
    const [down] = hub.hosts()
    t.match(down, { reachable: false, problem: 'it is gone' })
    t.not(down?.since, up?.since)
    source.broken = 'another reason'
    await hub.lookAtWatches('n1', signal)
    t.match(hub.hosts(), [{ problem: 'another reason', since: down?.since }], 'since the first')
    t.equal(hub.watchesOf('n1').length, 1)
    source.broken = undefined
    await hub.lookAtWatches('n1', signal)
    t.match(hub.hosts(), [{ reachable: true, problem: undefined }])
    t.equal(events.filter(({ kind }) => kind === 'host').length, 4)
  },
)

t.test('alerts are told once, in order, however many', async (t) => {
  const source = fakeSource('n1')
  const { hub, events } = hubOf(source)
  say(source, 'old')
  await hub.lookAtAlerts('n1', signal)
  t.match(events.splice(0), [{ kind: 'reset', host: 'n1' }], 'what was there before is not new')
  for (let i = 0; i < limits.pageLength + 7; i += 1) say(source, `new ${i}`)
  await hub.lookAtAlerts('n1', signal)
  await hub.lookAtAlerts('n1', signal)
  const messages = events.map((event) => event.kind === 'alert' && event.alert.message)
  t.equal(messages.length, limits.pageLength + 7)
  t.strictSame(messages.slice(0, 2), ['new 0', 'new 1'])
  t.strictSame(decodePositions(hub.resume()), { n1: String(limits.pageLength + 7) })
  source.broken = 'gone'
  await hub.lookAtAlerts('n1', signal)
  source.broken = undefined
  say(source, 'meanwhile')
  await hub.lookAtAlerts('n1', signal)
  t.match(events.at(-1), { kind: 'alert', alert: { message: 'meanwhile', host: 'n1' } })
})

t.test('a log whose place is lost is read anew', async (t) => {
  const source = fakeSource('n1')
  const { hub, events } = hubOf(source)
  await hub.lookAtAlerts('n1', signal)
  t.equal(events.splice(0).length, 1)
  source.after = async () => ({ alerts: [], next: '99', isLost: true })
  await hub.lookAtAlerts('n1', signal)
  t.match(events, [{ kind: 'reset', host: 'n1' }])
  t.strictSame(decodePositions(hub.resume()), { n1: '99' })
})

t.test('who was shown a page without a host is told when the host tells', async (t) => {
  const source = fakeSource('n1')
  const { hub, events } = hubOf(source)
  source.broken = 'gone'
  say(source, 'before anybody could ask')
  await hub.lookAtAlerts('n1', signal)
  t.strictSame([events, hub.positions()], [[], {}])
  source.broken = undefined
  for (let look = 0; look < 3; look += 1) await hub.lookAtAlerts('n1', signal)
  t.match(events, [{ kind: 'reset', host: 'n1', resume: hub.resume() }])
  t.equal(events.length, 1)
})

t.test('it goes on looking until it is told to end', async (t) => {
  const source = fakeSource('n1')
  const other = fakeSource('n2')
  other.broken = 'always'
  const { hub, events } = hubOf(source, other)
  const end = new AbortController()
  const running = hub.run(end.signal)
  await eventually('it has looked', () => hub.hosts()[0]?.reachable === true)
  source.held = [fakeWatch('w1')]
  await eventually('the watch is seen', () => events.some(({ kind }) => kind === 'watch'))
  say(source, 'hello')
  await eventually('the alert is seen', () => events.some(({ kind }) => kind === 'alert'))
  end.abort()
  await running
  t.match(hub.hosts(), [{ reachable: true }, { reachable: false, problem: 'always' }])
  await t.rejects(hub.lookAtWatches('n3', signal), RangeError)
})
