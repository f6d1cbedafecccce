import { renameSync, writeFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { recordPath } from '../../src/registry/record-file.ts'
import { encodeRecord, type MonitorRecord } from '../../src/registry/record.ts'
import { byServer, seenWatch, statesByGravity, WatchReader } from '../../src/view/watches.ts'
import { nobody, sampleRecord } from '../helpers/sample-record.ts'

const at = { uptimeMs: 1_000_000, now: new Date('2026-01-01T01:00:00.000Z') }

/** A record of a monitor that runs. */
function running(more: Partial<MonitorRecord> = {}): MonitorRecord {
  const { ended: _, pausedSince: __, ...record } = sampleRecord({ uptimeMs: at.uptimeMs })
  return { ...record, target: 'pub @ 192.0.2.1', ...more }
}

const live = (more: Partial<MonitorRecord> = {}) =>
  seenWatch('watch1', { kind: 'live', record: running(more) }, at)

t.test('a watch that runs is seen with all that is known of it', (t) => {
  t.match(live(), {
    id: 'watch1',
    state: 'watching',
    since: '2026-01-01T00:00:01.000Z',
    command: 'clp_sambamon',
    target: 'pub',
    server: '192.0.2.1',
    pid: process.pid,
    failures: 0,
    attempts: 6,
    worstCaseMs: 540_000,
    lastCheck: { ms: 2 },
    lastResponseMs: 2,
    nextCheck: '2026-01-01T00:01:01.000Z',
    tally: { pausedMs: 0 },
  })
  t.notOk('pausedForMs' in (live() ?? {}))
  t.end()
})

t.test('the last response is that of the last check that the server passed', (t) => {
  const { tally, lastCheck, ...older } = running()
  if (tally === undefined || lastCheck === undefined) throw new Error('the sample has them')
  t.equal(
    live({
      tally: {
        ...tally,
        recent: [
          [1, 7, 0],
          [2, 9, 1],
        ],
      },
    })?.lastResponseMs,
    7,
  )
  t.equal(live({ tally: { ...tally, recent: [[2, 9, 1]] } })?.lastResponseMs, undefined)
  const seen = (record: MonitorRecord) =>
    seenWatch('watch1', { kind: 'live', record }, at)?.lastResponseMs
  t.equal(seen({ ...older, lastCheck: { ...lastCheck, verdict: 'ok', ms: 3 } }), 3)
  t.equal(seen(older), undefined)
  t.end()
})

t.test('a monitor that is silent for longer than its timing allows hangs', (t) => {
  const allowed = 540_000 + 10_000
  t.equal(live({ uptimeMs: at.uptimeMs - allowed })?.state, 'watching')
  t.equal(live({ uptimeMs: at.uptimeMs - allowed - 1 })?.state, 'hangs')
  t.equal(live({ uptimeMs: 0, state: 'paused' })?.state, 'paused', 'a pause writes nothing')
  const { uptimeMs: _, ...older } = running()
  t.equal(seenWatch('x', { kind: 'live', record: older }, at)?.state, 'watching')
  t.end()
})

t.test(
  'the age of a pause is told by the uptime, and by the time of day where there is none',
  (t) => {
    const pausedSince = '2026-01-01T00:30:00.000Z'
    const paused = { state: 'paused', pausedSince } as const
    t.match(live({ ...paused, uptimeMs: at.uptimeMs - 60_000 }), {
      pausedSince,
      pausedForMs: 60_000,
    })
    const { uptimeMs: _, ...older } = running(paused)
    const age = (record: MonitorRecord) => seenWatch('x', { kind: 'live', record }, at)?.pausedForMs
    t.equal(age(older), 30 * 60_000)
    t.equal(age({ ...older, pausedSince: '2027-01-01T00:00:00.000Z' }), 0)
    t.equal(age({ ...older, pausedSince: 'garbage' }), 0)
    t.end()
  },
)

t.test(
  'one that is gone has vanished, one that said how has ended, neither has a next check',
  (t) => {
    const ended = { at: '2026-01-01T00:02:00.000Z', how: 'abnormal', exitStatus: 1 }
    const gone = seenWatch('x', { kind: 'dead', record: running() }, at)
    t.match(gone, { state: 'vanished', since: '2026-01-01T00:00:01.000Z' })
    const over = seenWatch('x', { kind: 'ended', record: running({ ended }) }, at)
    t.match(over, { state: 'ended', since: ended.at, ended })
    for (const seen of [gone, over]) t.notOk('nextCheck' in (seen ?? {}))
    t.end()
  },
)

t.test('a record that cannot be read is shown with the reason, and none not at all', (t) => {
  t.match(seenWatch('x', { kind: 'unreadable', reason: 'it is empty', isLive: true }, at), {
    id: 'x',
    state: 'unreadable',
    problem: 'it is empty',
  })
  t.equal(seenWatch('x', { kind: 'none' }, at), undefined)
  t.end()
})

t.test('watches are grouped by their servers, which are in the gravest state of theirs', (t) => {
  const seen = [
    live({ id: 'a', target: 'pub @ 192.0.2.2' }),
    live({ id: 'b', target: 'pub @ 192.0.2.1', state: 'failing' }),
    live({ id: 'c', target: 'a @ b @ 192.0.2.2', state: 'paused' }),
    live({ id: 'd', target: 'nowhere' }),
  ].filter((watch) => watch !== undefined)
  const tree = byServer(seen).map(({ server, state, watches }) => [
    server,
    state,
    watches.map(({ id, target }) => `${id} ${target}`),
  ])
  t.same(tree, [
    ['', 'watching', ['d nowhere']],
    ['192.0.2.1', 'failing', ['b pub']],
    ['192.0.2.2', 'paused', ['a pub', 'c a @ b']],
  ])
  t.equal(new Set(statesByGravity).size, statesByGravity.length)
  t.end()
})

t.test(
  'the records of a directory are seen in order, again and again as they change',
  async (t) => {
    const dir = t.testdir({ 'broken.json': 'x' })
    const hold = (more: Partial<MonitorRecord>) => {
      const record = running({ uptimeMs: uptime() * 1000, ...more })
      // As monitors do: a file of its own, put into its place.
      writeFileSync(join(dir, '.new'), encodeRecord(record))
      renameSync(join(dir, '.new'), recordPath(dir, record.id))
    }
    hold({ id: 'b' })
    hold({ id: 'a', process: nobody })
    const reader = new WatchReader(dir)
    const states = async () => (await reader.read()).map(({ id, state }) => `${id} ${state}`)
    t.same(await states(), ['a vanished', 'b watching', 'broken unreadable'])
    hold({ id: 'b', state: 'failing' })
    hold({ id: 'c' })
    t.same(await states(), ['a vanished', 'b failing', 'broken unreadable', 'c watching'])
    hold({ id: 'broken' })
    t.match(await reader.read(), [{}, {}, { id: 'broken', state: /hangs|watching/ }, {}])
    t.same(await new WatchReader(join(dir, 'nowhere')).read(), [])
  },
)

t.test('what probably keeps a server from serving is seen with it', async (t) => {
  const diagnosis = { at: 'x', causes: [{ key: 'k', text: 't', values: {} }] }
  t.match(seenWatch('x', { kind: 'live', record: running({ diagnosis }) }, at), { diagnosis })
})
