import { identityOf } from '../registry/process-identity.ts'
import { inTime, type Outstanding } from './in-time.ts'
import type { Forbidden, Journal, JournalEntry } from './journal.ts'
import { pauseFor } from './pause-for.ts'
import {
  journalMs,
  stepMs,
  stepsFor,
  type ChosenStep,
  type RepairPlan,
  type RepairStep,
} from './plan.ts'
import type { RepairClock } from './repair-clock.ts'
import { runStep, type StepEnd } from './run-step.ts'
import { forgetUnderWay, noteUnderWay, orphanIn, settleOrphan } from './under-way.ts'

/** What a ladder is put together from. */
export type LadderParts = {
  plan: RepairPlan
  /** the ID of the watch */
  watch: string
  kind: 'samba' | 'nfs'
  target: string
  deadlineMs: number
  /** where what is under way stands, which is in memory */
  run: string
  journal: Journal
  clock: RepairClock
  /** what is probably wrong, the likeliest first */
  probableCauses: () => readonly string[]
  /** whether the server is on this host now */
  isHere: () => boolean
  /** takes the only seat that there is for repairs on this host; undefined while it is taken */
  takeSeat: () => Promise<(() => Promise<void>) | undefined>
  /** what was begun on a disk and has not come back */
  outstanding: Outstanding
  runner?: typeof runStep
  log: (level: 'info' | 'warn' | 'error', text: string) => void
  /** Hears of every step that begins, and of the end (undefined). */
  onStep: (chosen: ChosenStep | undefined) => void
}

/** How a repair ended, as the operator is told. */
export type LadderAccount = { text: string; detail: Record<string, string | number | boolean> }

const seatLookMs = 250
const settlePaceMs = 1000
const longestText = 1000
const notHere = 'the server is not on this host'

type Tried = ChosenStep & { end: StepEnd }

/** One climb over the steps of a repair, a step at a time, with a check after each. */
export class Ladder {
  readonly #parts: LadderParts
  readonly #over = new AbortController()
  readonly #begunAt: number
  #leaveSeat: (() => Promise<void>) | undefined
  #stepsBegunAt = 0
  #settleUntil = 0
  /** the server was checked after whatever else was done on this host */
  #hasLookedAgain = false
  #entry: JournalEntry | undefined
  readonly #tried: Tried[] = []
  #running: ChosenStep | undefined
  /** why nothing more is tried */
  #reason = ''
  /** what is under way */
  #work: Promise<unknown> = Promise.resolve()

  constructor(parts: LadderParts) {
    this.#parts = parts
    this.#begunAt = parts.clock.now()
  }

  /** Does what comes next, after a check that has failed; resolves when the server is to be checked, or given up. */
  async goOn(): Promise<'check' | 'give-up'> {
    const work = this.#goOn()
    this.#work = work
    return work
  }

  /** Ends what is under way; resolves when nothing of it is left, or cannot be ended. */
  async abandon(): Promise<void> {
    this.#over.abort()
    await this.#work.catch(() => undefined)
    await this.#release()
  }

  /** The repair is over; says what it came to. */
  conclude(how: 'mended' | 'not-mended' | 'broken-off'): LadderAccount {
    this.#over.abort()
    const isMended = how === 'mended'
    void this.#close(isMended)
    const helped = isMended && this.#tried.length > 0
    const lastCame = { mended: 'mended', 'not-mended': 'no help', 'broken-off': 'broken off' }[how]
    const parts = this.#tried.map(({ step, cause, end }, index) => {
      const isLast = index === this.#tried.length - 1 && this.#running === undefined
      const came = isLast ? lastCame : 'no help'
      return `${step.name} for ${cause}: ${came}${end.how === 'done' ? '' : `, ${end.why}`}`
    })
    if (this.#running !== undefined) {
      parts.push(`${this.#running.step.name} for ${this.#running.cause}: broken off`)
    }
    const nothing = {
      mended: 'the server answers again',
      'not-mended': this.#reason || 'no verdict was to be had',
      'broken-off': 'broken off',
    }[how]
    if (parts.length === 0) parts.push(`nothing: ${nothing}`)
    else if (this.#reason !== '' && how === 'not-mended') parts.push(this.#reason)
    const text = parts.join('; ')
    const last = this.#tried.at(-1)
    return {
      text: text.slice(0, longestText),
      detail: {
        repair: how,
        steps: this.#tried.length,
        ...(helped && last !== undefined && { step: last.step.name, cause: last.cause }),
        repairMs: Math.round(this.#parts.clock.now() - this.#begunAt),
      },
    }
  }

  async #goOn(): Promise<'check' | 'give-up'> {
    const { clock, plan } = this.#parts
    const { signal } = this.#over
    try {
      if (this.#leaveSeat === undefined) {
        if (!this.#parts.isHere() && !plan.steps.some(({ remote }) => remote)) {
          this.#reason = notHere
          return 'give-up'
        }
        const waited = await this.#sit()
        if (this.#leaveSeat === undefined) return 'give-up'
        this.#stepsBegunAt = clock.now()
        // Whoever repaired before us may have mended this server, too.
        if (waited) {
          this.#hasLookedAgain = true
          return 'check'
        }
      }
      if (this.#entry !== undefined) {
        const leftMs = this.#settleUntil - clock.now()
        if (leftMs > 0) {
          await pauseFor(clock, Math.min(settlePaceMs, leftMs), signal)
          return 'check'
        }
        if (this.#tried.at(-1)?.end.isStuck === true) {
          this.#reason = 'the last step can be neither begun nor ended'
          return 'give-up'
        }
      }
      const chosen = await this.#inTime(async () => this.#choose())
      if (chosen === 'check') return 'check'
      if (chosen === undefined || signal.aborted) return 'give-up'
      await this.#try(chosen)
      this.#settleUntil = clock.now() + plan.settleMs
      return 'check'
    } catch (error) {
      this.#reason = `it cannot be written down: ${String(error)}`
      this.#parts.log('error', `repair: ${this.#reason}`)
      return 'give-up'
    }
  }

  /** Whether it had to be waited for; without the seat afterwards, it was taken for too long. */
  async #sit(): Promise<boolean> {
    const { clock, plan, takeSeat, run, log } = this.#parts
    const { signal } = this.#over
    const until = clock.now() + plan.waitMs
    let waited = false
    for (;;) {
      const leave = await takeSeat()
      if (leave !== undefined) {
        if (!waited && orphanIn(run) === undefined) {
          this.#leaveSeat = leave
          return false
        }
        if (await this.#settle(until)) {
          this.#leaveSeat = leave
          return true
        }
        await leave()
        break
      }
      if (!waited) log('info', 'repair: waits for another one on this host')
      waited = true
      if (signal.aborted || clock.now() >= until) break
      await pauseFor(clock, Math.min(seatLookMs, Math.max(1, until - clock.now())), signal)
    }
    this.#reason = 'another repair is under way on this host'
    return waited
  }

  async #settle(until: number): Promise<boolean> {
    const { clock, run, log } = this.#parts
    const enough = new AbortController()
    const stop = (): void => {
      enough.abort()
    }
    this.#over.signal.addEventListener('abort', stop)
    const clearTimer = clock.setTimer(Math.max(1, until - clock.now()), stop)
    try {
      if (orphanIn(run) !== undefined) log('warn', 'repair: a step runs on whose monitor is gone')
      return await settleOrphan(run, clock, enough.signal)
    } finally {
      clearTimer()
      this.#over.signal.removeEventListener('abort', stop)
    }
  }

  async #choose(): Promise<ChosenStep | 'check' | undefined> {
    const { plan, journal, probableCauses, isHere, clock, deadlineMs, log, watch } = this.#parts
    const causes = probableCauses()
    const isNear = isHere()
    const done = new Set<RepairStep>(this.#tried.map(({ step }) => step))
    const fitting = stepsFor(plan, causes)
    const left = fitting.filter(({ step }) => !done.has(step) && (isNear || step.remote))
    if (fitting.length === 0) {
      this.#reason = `no step for ${causes.length === 0 ? 'an unknown cause' : causes.join(', ')}`
      return undefined
    }
    if (left.length === 0) {
      if (done.size === 0) this.#reason = notHere
      return undefined
    }
    const entries = await journal.read()
    if (!this.#hasLookedAgain && this.#tried.length === 0) {
      this.#hasLookedAgain = true
      if (entries.some((entry) => this.#mayHaveMended(entry))) return 'check'
    }
    const reasons: string[] = []
    for (const chosen of left) {
      const { step } = chosen
      if (typeof step.command === 'string') {
        reasons.push(`${step.name}: ${step.command}`)
        continue
      }
      const spentMs = clock.now() - this.#stepsBegunAt
      if (spentMs + stepMs(step, plan, deadlineMs) > plan.totalMs) {
        reasons.push(`${step.name}: no time left for it`)
        continue
      }
      const forbidden = journal.forbids(step.name, entries, plan)
      if (forbidden === undefined) {
        this.#entry = await journal.begin({ step: step.name, cause: chosen.cause, watch })
        return chosen
      }
      reasons.push(`${step.name}: ${whyForbidden(forbidden)}`)
    }
    this.#reason = reasons.join('; ')
    log('warn', `repair: ${this.#reason}`)
    return undefined
  }

  /** Whether a step ended while our last check was under way, so that it may have failed for the last time. */
  #mayHaveMended(entry: JournalEntry): boolean {
    const { journal, deadlineMs } = this.#parts
    return journal.ageMs(entry) - (entry.end?.ms ?? 0) < deadlineMs + settlePaceMs
  }

  async #try(chosen: ChosenStep): Promise<void> {
    const { clock, watch, kind, target, run, onStep, log, runner = runStep, journal } = this.#parts
    const { step, cause } = chosen
    const me = identityOf(process.pid)
    this.#running = chosen
    onStep(chosen)
    log('warn', `repair: ${step.name} for ${cause}, at most ${step.limitMs / 1000} s`)
    const end = await runner({
      command: typeof step.command === 'string' ? [] : step.command,
      ...(step.endsStopped && { endsStopped: step.endsStopped }),
      limitMs: step.limitMs,
      env: {
        CLP_FSMON_ID: watch,
        CLP_FSMON_KIND: kind,
        CLP_FSMON_TARGET: target,
        CLP_FSMON_CAUSE: cause,
      },
      clock,
      signal: this.#over.signal,
      onStart: (leader) => {
        if (me === undefined) return
        const untilUptimeMs = clock.uptime() + step.limitMs
        noteUnderWay(run, { step: step.name, watch, leader, monitor: me, untilUptimeMs })
      },
      outstanding: this.#parts.outstanding,
    })
    if (!end.isStuck) forgetUnderWay(run)
    this.#running = undefined
    this.#tried.push({ ...chosen, end })
    onStep(undefined)
    log(
      end.how === 'done' ? 'info' : 'warn',
      `repair: ${step.name} has ended after ${end.ms} ms: ${end.why}`,
    )
    for (const line of end.output) log('warn', `repair: ${step.name} says: ${line}`)
    if (end.isStuck) log('error', `repair: ${step.name} cannot be ended`)
    if (this.#entry === undefined) return
    this.#entry = { ...this.#entry, end: { how: end.how, why: end.why, ms: end.ms } }
    // The check is worth more than its note.
    const entry = this.#entry
    await this.#inTime(async () => journal.amend(entry)).catch((error: unknown) => {
      log('warn', `repair: its end cannot be written down: ${String(error)}`)
    })
  }

  async #close(isMended: boolean): Promise<void> {
    const { journal } = this.#parts
    const entry = this.#entry
    if (entry?.end !== undefined && this.#leaveSeat !== undefined) {
      const noted = async () => journal.amend({ ...entry, mended: isMended })
      await this.#inTime(noted).catch(() => undefined)
    }
    await this.#work.catch(() => undefined)
    await this.#release()
  }

  /**
   * What becomes of some work with the journal. Who waits for a disk holds a thread of this process, of
   * which all its watches have but four; so while one waits, no other one begins to.
   */
  async #inTime<T>(work: () => Promise<T>): Promise<T> {
    const { clock, outstanding } = this.#parts
    const what = 'the journal of repairs'
    const until = clock.now() + journalMs
    if (outstanding.size > 0) await inTime(clock, journalMs, what, Promise.allSettled(outstanding))
    return inTime(clock, Math.max(1, until - clock.now()), what, work(), outstanding)
  }

  async #release(): Promise<void> {
    const leave = this.#leaveSeat
    this.#leaveSeat = undefined
    await leave?.().catch(() => undefined)
  }
}

function whyForbidden(forbidden: Forbidden): string {
  switch (forbidden.why) {
    case 'per-hour':
      return `forbidden, ${forbidden.limit} steps an hour are the most`
    case 'per-day':
      return `forbidden, ${forbidden.limit} steps a day are the most`
    case 'broken-off':
      return `not again, its monitor was killed while it ran at ${forbidden.at}`
  }
}
