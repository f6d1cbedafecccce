import { setTimeout as sleep } from 'node:timers/promises'
import { faults, type FaultName, type Victim } from './fault.ts'
import { judge, slackMs, type Judgement, type Outage } from './judge.ts'
import type { Monitor } from './monitor.ts'
import { promisedMs } from './patience.ts'
import type { Planned } from './schedule.ts'

/** What one monitor made of one fault, or of the healthy time before it. */
export type Finding = {
  ground: string
  id: string
  /** 'none' in a healthy time */
  fault: FaultName | 'none'
  kind: 'short' | 'long' | 'healthy'
  judgement: Judgement
  outageMs?: number
  /** from the harm to the end, in parts of what is promised */
  partOfPromise?: number
  /** what it said, where it was wrong */
  words?: string
}

/** The start of a monitor, or its way back to health, may take so long on a busy machine. */
const patienceMs = 30_000

/** A server that is harmed and healed while monitors watch it. */
export class Ground {
  readonly name: string
  readonly #victim: Victim
  readonly monitors: readonly Monitor[]
  readonly #draw: () => Planned
  readonly #tell: (finding: Finding) => void

  constructor(
    name: string,
    victim: Victim,
    monitors: readonly Monitor[],
    draw: () => Planned,
    tell: (finding: Finding) => void,
  ) {
    this.name = name
    this.#victim = victim
    this.monitors = monitors
    this.#draw = draw
    this.#tell = tell
  }

  /** Injects and heals until the time is over; what is under way is finished, and all is well after it. */
  async run(untilMs: number): Promise<void> {
    await this.#startAll()
    while (performance.now() < untilMs) {
      const planned = this.#draw()
      await sleep(planned.gapMs)
      this.#judgeHealth()
      if (performance.now() >= untilMs) break
      await this.#inflict(planned)
    }
    for (const monitor of this.monitors) await this.#beWell(monitor, 0)
    this.#judgeHealth()
  }

  async #startAll(): Promise<void> {
    for (const monitor of this.monitors) {
      if (!(await monitor.start(patienceMs))) throw new Error(`no start: ${monitor.lastWords}`)
    }
  }

  async #inflict({ fault: name, hold }: Planned): Promise<void> {
    const fault = faults[name]
    const fromMs = performance.now()
    await fault.harm(this.#victim)
    const harmedMs = performance.now()
    if (typeof hold === 'number') await sleep(hold)
    else await this.#found(harmedMs)
    const healingMs = performance.now()
    await fault.heal(this.#victim)
    const healedDate = Date.now()
    const toMs = performance.now() + fault.aftermathMs
    const outage = { fromMs, harmedMs, healingMs, toMs }
    await sleep(fault.aftermathMs)
    const isHarmless = 'isHarmless' in fault
    const kind = isHarmless ? 'healthy' : typeof hold === 'number' ? 'short' : 'long'
    for (const monitor of this.monitors) {
      await this.#beWell(monitor, healedDate)
      this.#judge(monitor, name, kind, isHarmless ? undefined : outage)
    }
    await this.#startEnded()
  }

  /** Resolves when all monitors have ended, or should have long ago. */
  async #found(harmedMs: number): Promise<void> {
    const promises = this.monitors.map(({ plan }) => promisedMs(plan.patience))
    const untilMs = harmedMs + Math.max(...promises) + slackMs + 500
    while (this.monitors.some(({ end }) => end === undefined) && performance.now() < untilMs) {
      await sleep(50)
    }
  }

  /** Waits for a monitor that runs to have a good check again; that it does not is as bad as its end. */
  async #beWell(monitor: Monitor, afterDate: number): Promise<void> {
    if (monitor.end !== undefined || (await monitor.isWell(afterDate, patienceMs))) return
    if (monitor.end !== undefined) return
    this.#report(monitor, 'none', 'healthy', 'false')
  }

  #judge(
    monitor: Monitor,
    fault: FaultName | 'none',
    kind: Finding['kind'],
    outage: Outage | undefined,
  ): void {
    const judgement = judge(monitor.plan.patience, outage, monitor.end)
    this.#report(monitor, fault, kind, judgement, outage)
  }

  #report(
    monitor: Monitor,
    fault: FaultName | 'none',
    kind: Finding['kind'],
    judgement: Judgement,
    outage?: Outage,
  ): void {
    const { id, patience } = monitor.plan
    const { end } = monitor
    this.#tell({
      ground: this.name,
      id,
      fault,
      kind,
      judgement,
      ...(outage && { outageMs: Math.round(outage.healingMs - outage.harmedMs) }),
      ...(outage && end && { partOfPromise: (end.atMs - outage.harmedMs) / promisedMs(patience) }),
      ...((judgement === 'false' || judgement === 'missed') && { words: monitor.lastWords }),
    })
  }

  /** In a healthy time nobody may have ended. */
  #judgeHealth(): void {
    for (const monitor of this.monitors) this.#judge(monitor, 'none', 'healthy', undefined)
  }

  async #startEnded(): Promise<void> {
    for (const monitor of this.monitors) {
      if (monitor.end === undefined) continue
      if (!(await monitor.start(patienceMs))) this.#report(monitor, 'none', 'healthy', 'false')
    }
  }
}
