import t from 'tap'
import type { Announcement } from '../../src/alert/announcement.ts'
import type { Outcome } from '../../src/probe/probe.ts'
import { opening } from '../../src/watch/state.ts'
import { afterGoodCheck, delayWarning, noDelay } from '../../src/watch/delay-warning.ts'
import { WarningBoard } from '../../src/watch/warning-board.ts'
import { FakeClock } from '../helpers/fake-clock.ts'
import { ok, timedOut } from '../helpers/scripted-probe.ts'

/** What is said of checks that take so long, where 800 ms are too many. */
function said(...times: number[]): (101 | 102 | undefined)[] {
  let delay = noDelay
  return times.map((ms) => {
    const { delay: after, say } = afterGoodCheck(delay, ms, 800)
    delay = after
    return say
  })
}

t.test('a delay is warned of once, at the limit and not before', async (t) => {
  t.strictSame(said(799, 800, 900, 5000), [undefined, 101, undefined, undefined])
})

t.test('it is over after two clearly quicker checks in a row, and not by one', async (t) => {
  t.strictSame(said(800, 599, 599), [101, undefined, 102])
  t.strictSame(said(800, 10, 600, 10, 10, 10), [
    101,
    undefined,
    undefined,
    undefined,
    102,
    undefined,
  ])
  t.strictSame(said(800, 799, 799, 799), [101, undefined, undefined, undefined])
})

t.test('a server that swings about the limit is warned of once', async (t) => {
  const swings = Array.from({ length: 1000 }, (_, at) => (at % 2 === 0 ? 850 : 700))
  t.strictSame(
    said(...swings).filter((id) => id !== undefined),
    [101],
  )
})

function watch() {
  const clock = new FakeClock()
  const announced: Announcement[] = []
  let refreshed = 0
  const board = new WarningBoard(clock, () => {
    refreshed += 1
  })
  const onlooker = delayWarning({
    deadlineMs: 1000,
    percent: 80,
    announce: (announcement) => announced.push(announcement),
    board,
  })
  const judge = (outcome: Outcome, ms: number, lostMs = 0) => {
    const lastCheck = { at: '', verdict: 'ok' as const, stages: [], ms }
    onlooker.judged?.({ result: { outcome, lostMs, ms }, lastCheck, after: opening })
  }
  return { announced, judge, board, refreshed: () => refreshed }
}

t.test('the alert has the time, and names the slowest stage', async (t) => {
  const { announced, judge, board, refreshed } = watch()
  const stages = [
    { name: 'connect', ms: 1 },
    { name: 'session', ms: 790 },
    { name: 'tree', ms: 49 },
  ]
  judge({ kind: 'ok', stages, detail: {} }, 840)
  t.strictSame(announced, [
    {
      id: 101,
      nn: 840,
      text: 'session',
      detail: {
        ms: 840,
        stage: 'session',
        stages: 'connect 1, session 790, tree 49',
        warnMs: 800,
        waitMs: 1000,
      },
    },
  ])
  t.match(board.onlooker.status?.(), { warnings: [{ id: 101, text: '840 ms, session' }] })
  judge(ok, 3)
  t.equal(refreshed(), 1)
  judge(ok, 4)
  t.match(announced[1], { id: 102, nn: 4 })
  t.strictSame(board.onlooker.status?.(), {})
  t.equal(refreshed(), 2)
})

t.test('a check that failed, or that we ourselves slowed down, is no delay', async (t) => {
  const { announced, judge } = watch()
  judge(timedOut, 1000)
  judge(ok, 900, 500)
  judge({ kind: 'aborted', stages: [] }, 900)
  t.strictSame(announced, [])
  judge({ kind: 'ok', stages: [], detail: {} }, 900)
  t.match(announced, [{ id: 101, text: 'check' }])
})

t.test(
  'a delay that was only pretended is over with its drill, and said to have been one',
  async (t) => {
    const { judge, announced, board } = watch()
    const late = (ms: number) => judge({ kind: 'ok', stages: [], detail: { drill: 'slow' } }, ms)
    late(900)
    late(900)
    t.match(board.onlooker.status?.(), { warnings: [{ id: 101 }] })
    judge(ok, 900)
    t.match(announced, [{ id: 101 }, { id: 102, detail: { drill: 'slow' } }, { id: 101 }])
    t.equal(announced[2]?.detail?.['drill'], undefined, 'what is slow by itself is no drill')
    late(900)
    judge(ok, 10)
    judge(ok, 10)
    t.match(
      announced.slice(3),
      [{ id: 102, detail: { drill: undefined } }],
      'it was there before the drill',
    )
  },
)
