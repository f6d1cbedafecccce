import t from 'tap'
import type { Announcement } from '../../src/alert/announcement.ts'
import type { Outcome } from '../../src/probe/probe.ts'
import { progressWarning } from '../../src/watch/progress-warning.ts'
import { opening } from '../../src/watch/state.ts'
import { WarningBoard } from '../../src/watch/warning-board.ts'
import { FakeClock } from '../helpers/fake-clock.ts'
import { ok, timedOut } from '../helpers/scripted-probe.ts'

t.test(
  'a server that is silent but at work is warned of, once until it is otherwise',
  async (t) => {
    const said: Announcement[] = []
    const board = new WarningBoard(new FakeClock(), () => undefined)
    const { judged } = progressWarning((announcement) => said.push(announcement), board)
    const judge = (outcome: Outcome) => {
      const lastCheck = { at: '', verdict: 'ok' as const, stages: [], ms: 1 }
      judged?.({ result: { outcome, lostMs: 0, ms: 1 }, lastCheck, after: opening })
    }
    const busy = { ...timedOut, weight: 0.5, detail: { workBytes: 70_000 } } as Outcome
    judge(timedOut)
    t.strictSame(said, [])
    judge(busy)
    judge(busy)
    t.match(said, [{ id: 110, nn: 70_000, detail: { stage: 'negotiate' } }])
    t.match(board.onlooker.status?.(), { warnings: [{ id: 110 }] })
    judge(ok)
    t.strictSame(board.onlooker.status?.(), {})
    judge(busy)
    t.equal(said.length, 2)
  },
)
