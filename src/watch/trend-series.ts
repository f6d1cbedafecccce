import { SawTeeth } from './saw-teeth.ts'
import { afterVerdict, noAlarm, type TrendAlarm } from './trend-alarm.ts'
import { judgeTrend, type Sample } from './trend.ts'

/** How far back and how far ahead is looked. */
export type TrendReach = { samples: number; aheadMs: number }

/** What a new sample leads to: an alert, and in how long the limit is expected. */
export type TrendNews = { say: 103 | 104; inMs: number }

/** The last samples of one measurement, and whether they have been warned of. */
export class TrendSeries {
  readonly #reach: TrendReach
  readonly #teeth = new SawTeeth()
  #samples: Sample[] = []
  #alarm: TrendAlarm = noAlarm

  constructor(reach: TrendReach) {
    this.#reach = reach
  }

  /** Takes a sample; says when there is something to be said. */
  add(atMs: number, margin: number): TrendNews | undefined {
    const { samples, aheadMs } = this.#reach
    this.#samples = [...this.#samples, { atMs, margin }].slice(-samples)
    this.#teeth.add(atMs, margin)
    const verdict = judgeTrend(this.#samples, aheadMs)
    const isUsual = verdict.kind === 'danger' && verdict.inMs > 0 && this.#teeth.isUsual(margin)
    const { alarm, say } = afterVerdict(this.#alarm, isUsual ? { kind: 'unclear' } : verdict)
    this.#alarm = alarm
    if (say === undefined) return undefined
    return { say, inMs: verdict.kind === 'danger' ? verdict.inMs : 0 }
  }

  /** Forgets the samples: what comes next has nothing to do with them. What was warned of stays so. */
  interrupt(): void {
    this.#samples = []
  }
}
