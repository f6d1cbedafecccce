import t from 'tap'
import type { Announcement } from '../../../src/alert/announcement.ts'
import { careOf } from '../../../src/cli/monitor/care-settings.ts'
import { openCare, weighed } from '../../../src/cli/monitor/open-care.ts'
import { opening } from '../../../src/watch/state.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'
import { ok, ScriptedProbe, timedOut } from '../../helpers/scripted-probe.ts'

const timing = { intervalMs: 1000, retryIntervalMs: 1000, deadlineMs: 1000, retries: 1 }

async function open(values: Parameters<typeof careOf>[0]) {
  const said: Announcement[] = []
  let refreshed = 0
  const onlookers = await openCare({
    settings: careOf(values),
    timing,
    clock: new FakeClock(),
    announce: (announcement) => said.push(announcement),
    log: () => undefined,
    measureSpace: async () => async () => ({ kind: 'failed', reason: 'nobody is there' }),
    enter: () => ({ ready: undefined, leave: () => undefined }),
    refresh: () => {
      refreshed += 1
    },
  })
  const judge = (ms: number) => {
    const lastCheck = { at: '', verdict: 'ok' as const, stages: [], ms }
    for (const onlooker of onlookers) {
      onlooker.judged?.({ result: { outcome: ok, lostMs: 0, ms }, lastCheck, after: opening })
    }
  }
  return { said, judge, onlookers, refreshed: () => refreshed }
}

t.test('a delay is warned of, and stands in the record', async (t) => {
  const { said, judge, onlookers, refreshed } = await open({})
  judge(799)
  t.strictSame(said, [])
  judge(800)
  t.match(said, [{ id: 101 }])
  t.match(Object.assign({}, ...onlookers.map((one) => one.status?.())), {
    warnings: [{ id: 101 }],
  })
  t.equal(refreshed(), 1)
})

t.test('where nothing is to be warned of nobody looks on', async (t) => {
  t.strictSame((await open({ warnAt: 0 })).onlookers, [])
})

t.test('a refused login is warned of where it is no failure', async (t) => {
  t.equal((await open({ warnAt: 0, onIdentity: 'warn' })).onlookers.length, 2)
})

t.test('what is to be foreseen is, and nothing else is looked at', async (t) => {
  t.equal((await open({ warnAt: 0, trendSamples: 50, trendAhead: 5 })).onlookers.length, 0)
  for (const values of [
    { trend: true },
    { spaceLimit: '1G' },
    { memoryLimit: '5%' },
    { pressureLimit: 40 },
  ]) {
    const { onlookers, judge } = await open({ warnAt: 0, ...values })
    t.equal(onlookers.length, 2, JSON.stringify(values))
    judge(1)
  }
})

t.test(
  'time-outs are weighed where that is wanted, and only of a server on this host',
  async (t) => {
    const { probe } = new ScriptedProbe(timedOut)
    const settings = (progress: number) => ({
      command: 'clp_nfsmon' as const,
      care: careOf({ progress }),
    })
    t.equal(await weighed(probe, settings(1), new FakeClock()), probe)
    const other = await weighed(probe, settings(0.5), new FakeClock())
    const { signal } = new AbortController()
    t.notOk('weight' in (await other(signal)), 'the scripted server does nothing for others')
    t.equal((await open({ warnAt: 0, progress: 0.5 })).onlookers.length, 2)
  },
)
