import t from 'tap'
import { look, type LookParts } from '../../src/guard/look.ts'
import type { ControlReply } from '../../src/registry/control-client.ts'
import type { MonitorRecord } from '../../src/registry/record.ts'
import type { RecentCheck } from '../../src/registry/tally.ts'
import type { Entry } from '../../src/registry/registry.ts'
import { sampleRecord } from '../helpers/sample-record.ts'

const now = 10_000_000
const process = { pid: 77, startTicks: '5', bootId: 'boot' }
const answer: ControlReply = { kind: 'answer', answer: { ok: true, state: 'watching', text: '' } }
const noAnswer: ControlReply = { kind: 'no-answer' }

/** A record, written just now, of a monitor with 30 s between its checks, which may take 5 s. */
function record(more: Partial<MonitorRecord> = {}): MonitorRecord {
  const { ended: _, pausedSince: __, ...rest } = sampleRecord()
  return {
    ...rest,
    process,
    options: { waitS: 5 },
    worstCaseMs: 100_000,
    uptimeMs: now,
    ...more,
  }
}

/** What a look finds: kind of trouble, ID, and the others. */
async function found(
  entries: readonly Entry[],
  { reply = answer, ...more }: Partial<LookParts> & { reply?: ControlReply } = {},
) {
  const asked: string[] = []
  const looked = await look({
    entries: new Map(entries.map((entry, index) => [`stem${index}`, entry])),
    at: { uptimeMs: now, now: new Date() },
    bootId: 'boot',
    resumedUptimeMs: 0,
    lateChecks: {},
    ask: async (id) => {
      asked.push(id)
      return reply
    },
    ...more,
  })
  const findings = [...looked.findings.values()].map(({ trouble, id, others }) =>
    [trouble, id, ...others].join(' '),
  )
  return { ...looked, findings, asked }
}

const live = (more: Partial<MonitorRecord> = {}): Entry => ({ kind: 'live', record: record(more) })

t.test('monitors that go on, have ended, or cannot be judged are left alone', async (t) => {
  const { findings, asked, count } = await found([
    live(),
    { kind: 'ended', record: record() },
    { kind: 'unreadable', reason: 'x', isLive: true },
    { kind: 'none' },
    live({ state: 'paused', uptimeMs: 0 }),
    live({ state: 'repairing', uptimeMs: now - 100_000 }),
    live({ uptimeMs: now - 45_000 }),
  ])
  t.strictSame(findings, [])
  t.strictSame(asked, [], 'nor asked')
  t.equal(count, 7)
})

t.test('one whose process is gone has vanished; with an earlier boot it is no alert', async (t) => {
  t.strictSame((await found([{ kind: 'dead', record: record() }])).findings, ['vanished watch1'])
  const earlier = await found([{ kind: 'dead', record: record() }], { bootId: 'another' })
  t.strictSame(earlier.findings, [])
  t.match(earlier.before, [{ id: 'watch1' }])
})

t.test(
  'one that is silent for too long hangs if it does not answer, else it runs late',
  async (t) => {
    const silent = live({ uptimeMs: now - 110_001 })
    for (const reply of [noAnswer, { kind: 'nobody' }, { kind: 'broken', reason: 'x' }] as const) {
      t.strictSame((await found([silent], { reply })).findings, ['hangs watch1'], reply.kind)
    }
    const late = await found([silent])
    t.strictSame(late.findings, ['late watch1'])
    t.strictSame(late.asked, ['watch1'])
    const { nextCheck: _, ...checking } = record({ uptimeMs: now - 110_001 })
    t.strictSame((await found([{ kind: 'live', record: checking }])).findings, ['late watch1'])
    const shared: Entry = { kind: 'live', record: { ...checking, sharesProcess: true } }
    t.strictSame((await found([shared])).findings, [], 'it waits for a place among others')
  },
)

t.test('one whose check is overdue runs late only if it answers', async (t) => {
  const overdue = live({ uptimeMs: now - 45_001 })
  t.strictSame((await found([overdue])).findings, ['late watch1'])
  t.strictSame((await found([overdue], { reply: noAnswer })).findings, [])
})

t.test('one late check is no lateness, two in a row are', async (t) => {
  const check = (at: string, lateMs: number) =>
    live({ lastCheck: { at, verdict: 'ok', stages: [], ms: 1, lateMs } })
  const first = await found([check('2026-01-01T00:00:31.000Z', 15_001)])
  t.strictSame(first.findings, [])
  const { lateChecks } = first
  const same = await found([check('2026-01-01T00:00:31.000Z', 15_001)], { lateChecks })
  t.strictSame(same.findings, [], 'it is the same check still')
  const second = check('2026-01-01T00:00:32.000Z', 15_001)
  const again = await found([second], { lateChecks })
  t.strictSame(again.findings, ['late watch1'])
  t.strictSame((await found([second], { lateChecks, reply: noAnswer })).findings, [])
  const punctual = await found([check('2026-01-01T00:00:33.000Z', 15_000)], {
    lateChecks: again.lateChecks,
  })
  t.strictSame([punctual.findings, punctual.lateChecks], [[], {}])
})

t.test(
  'one that stood still in all its last checks runs late, whether it answers or not',
  async (t) => {
    const { tally } = record()
    if (tally === undefined) throw new Error('nothing counted')
    const stood = (checks: number) => {
      const recent = Array.from({ length: checks }, (_, at): RecentCheck => [at, 7000, 3])
      return live({ tally: { ...tally, recent: [[0, 2, 0], ...recent] } })
    }
    t.strictSame((await found([stood(2)])).findings, [])
    t.strictSame((await found([stood(3)])).findings, ['late watch1'])
    t.strictSame((await found([stood(3)], { reply: noAnswer })).findings, ['late watch1'])
  },
)

t.test('a pause that should have ended is found, one without an end is not', async (t) => {
  const pauseEnd = { until: 'x', untilUptimeMs: now - 40_001, extensionsLeft: 1 }
  const paused = live({ state: 'paused', uptimeMs: 0, pauseEnd })
  t.strictSame((await found([paused], { reply: noAnswer })).findings, ['hangs watch1'])
  t.strictSame((await found([paused], { reply: noAnswer, resumedUptimeMs: now })).findings, [])
})

t.test('silence in which the machine was suspended is nobody’s', async (t) => {
  const silent = live({ uptimeMs: 1000 })
  const reply = noAnswer
  t.strictSame((await found([silent], { reply, resumedUptimeMs: now - 1000 })).findings, [])
  t.strictSame((await found([silent], { resumedUptimeMs: now - 44_000 })).findings, [])
  t.strictSame((await found([silent], { reply, resumedUptimeMs: now - 110_001 })).findings, [
    'hangs watch1',
  ])
})

t.test('many watches of a process are one finding, and one question', async (t) => {
  const uptimeMs = now - 110_001
  const of = (kind: 'live' | 'dead'): Entry[] => [
    { kind, record: record({ id: 'a', sharesProcess: true, uptimeMs }) },
    { kind, record: record({ id: 'b', sharesProcess: true, uptimeMs: uptimeMs - 5000 }) },
    { kind, record: record({ id: 'many', command: 'clp_fsmon', uptimeMs: now }) },
  ]
  t.strictSame((await found(of('dead'))).findings, ['vanished many a b'])
  const hanging = await found(of('live'), { reply: noAnswer })
  t.strictSame(hanging.findings, ['hangs many a b'])
  t.strictSame(hanging.asked, ['a'])
  t.equal([...(await look(partsOf(of('live')))).findings.values()][0]?.ms, 115_001)
  const two = [
    of('dead').slice(0, 1),
    { kind: 'dead' as const, record: record({ process: { ...process, pid: 78 } }) },
  ]
  t.strictSame((await found(two.flat())).findings, ['vanished a', 'vanished watch1'])
})

function partsOf(entries: readonly Entry[]): LookParts {
  return {
    entries: new Map(entries.map((entry, index) => [`stem${index}`, entry])),
    at: { uptimeMs: now, now: new Date() },
    bootId: 'boot',
    resumedUptimeMs: 0,
    lateChecks: {},
    ask: async () => noAnswer,
  }
}
