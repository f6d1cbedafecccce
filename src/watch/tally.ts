import type { LastCheck } from '../registry/status.ts'
import type { RecentCheck, StageTally, Tally, VerdictCode } from '../registry/tally.ts'

/** What is kept of the checks of a watch. */
export type TallySize = {
  /** the edges by which the times of stages are counted, in seconds */
  edgesS: readonly number[]
  /** so many of the last checks are kept */
  mostRecent: number
}

/** A probe has fewer stages; what a bug might invent beyond these is not counted. */
const mostStages = 16

const codes: Readonly<Record<LastCheck['verdict'], VerdictCode>> = {
  ok: 0,
  failed: 1,
  'cannot-judge': 2,
  discarded: 3,
}

/** Counts the checks of a watch, in little memory however many there are. */
export class CheckTally {
  readonly #size: TallySize
  readonly #checks = [0, 0, 0, 0]
  readonly #recent: RecentCheck[] = []
  readonly #stages = new Map<string, StageTally>()
  #lastSuccessAt: string | undefined
  #pausedMs = 0

  constructor(size: TallySize) {
    this.#size = size
  }

  /** Counts a check that has ended. */
  add({ at, verdict, ms, stages }: LastCheck): void {
    this.#count(codes[verdict], 1)
    this.#recent.push([Date.parse(at), ms, codes[verdict]])
    if (this.#recent.length > this.#size.mostRecent) this.#recent.shift()
    if (verdict === 'ok') this.#lastSuccessAt = at
    for (const stage of stages) this.#addStage(stage)
  }

  /** The verdict of the check that was added last was thrown away. */
  discardLast(): void {
    const last = this.#recent.pop()
    if (last === undefined) return
    const [atMs, ms, code] = last
    this.#count(code, -1)
    this.#count(codes.discarded, 1)
    this.#recent.push([atMs, ms, codes.discarded])
  }

  /** Counts a pause that is over. */
  addPause(ms: number): void {
    this.#pausedMs += Math.max(0, Math.round(ms))
  }

  /** What has been counted so far; what comes later does not change it. */
  snapshot(): Tally {
    const [ok = 0, failed = 0, cannotJudge = 0, discarded = 0] = this.#checks
    return {
      checks: { ok, failed, cannotJudge, discarded },
      recent: [...this.#recent],
      stages: Array.from(this.#stages.values(), (stage) => ({
        ...stage,
        counts: [...stage.counts],
      })),
      ...(this.#lastSuccessAt !== undefined && { lastSuccessAt: this.#lastSuccessAt }),
      pausedMs: this.#pausedMs,
    }
  }

  #count(code: VerdictCode, more: 1 | -1): void {
    this.#checks[code] = (this.#checks[code] ?? 0) + more
  }

  #addStage({ name, ms }: LastCheck['stages'][number]): void {
    const { edgesS } = this.#size
    const stage = this.#stages.get(name) ?? this.#newStage(name)
    if (stage === undefined) return
    stage.count += 1
    // Sums of decimals would grow a tail of digits.
    stage.sumMs = Math.round((stage.sumMs + ms) * 1000) / 1000
    for (let edge = edgesS.length - 1; edge >= 0; edge -= 1) {
      if (ms > (edgesS[edge] ?? 0) * 1000) return
      stage.counts[edge] = (stage.counts[edge] ?? 0) + 1
    }
  }

  #newStage(name: string): StageTally | undefined {
    if (this.#stages.size >= mostStages) return undefined
    const stage = { name, counts: this.#size.edgesS.map(() => 0), sumMs: 0, count: 0 }
    this.#stages.set(name, stage)
    return stage
  }
}
