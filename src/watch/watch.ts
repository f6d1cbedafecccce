import type { Cause, Probe } from '../probe/probe.ts'
import type { ControlAnswer } from '../registry/control-message.ts'
import type { LastCheck, Status } from '../registry/status.ts'
import { bugOutcome, Check, type CheckResult } from './check.ts'
import type { Clock } from './clock.ts'
import type { Haste, Place } from './gate.ts'
import { lastCheckOf } from './last-check.ts'
import type { BeginMending } from './mending.ts'
import { Onlookers, type Onlooker } from './onlooker.ts'
import type { PauseGrant, PauseLimits } from './pause-lease.ts'
import { Pausing } from './pausing.ts'
import { RecordKeeper } from './record-keeper.ts'
import { Repairing } from './repairing.ts'
import {
  opening,
  transition,
  type Action,
  type BadVerdict,
  type Ending,
  type Position,
  type Step,
  type WatchEvent,
} from './state.ts'
import { CheckTally, type TallySize } from './tally.ts'
import { attempts, worstCaseDetectionMs, type Timing } from './timing.ts'
import { Voice, type Announce, type Log } from './voice.ts'

/** What a watch is put together from. */
export type WatchParts = {
  timing: Timing
  probe: Probe
  clock: Clock
  announce: Announce
  log: Log
  /** Keeps the status where others see it; may fail, which is logged once, and may hang. */
  saveRecord: (status: Status) => Promise<void>
  /** what is kept of the checks for those who look on */
  tallySize: TallySize
  /** what was counted before, where this watch goes on after another one */
  tally?: CheckTally
  /** Asks for a place among the checks of other watches; until there is one, the server is not being asked. */
  enter?: (haste: Haste) => Place
  /** The first interval, no longer than the others: what keeps many watches from checking all at once. */
  firstIntervalMs?: number
  /** Who else looks on: they may say things, and change no verdict. */
  onlookers?: readonly Onlooker[]
  /** whether a server that refuses the login has failed; unless told, it has */
  onIdentity?: 'fault' | 'warn'
  /** how long it may be paused; unless told, until somebody has it go on */
  pauseLimits?: PauseLimits
  /** how much of the time of repairs can be spent as things are: some steps are for servers of this host alone */
  repairMsNow?: () => number
  /** What may mend the server when its retries are used up, before it is judged abnormal. */
  mend?: BeginMending
}

function worstCaseNow({ timing, repairMsNow }: Pick<WatchParts, 'timing' | 'repairMsNow'>): number {
  const repairMs = repairMsNow?.()
  return worstCaseDetectionMs(repairMs === undefined ? timing : { ...timing, repairMs })
}

/** the alert that a server has been judged abnormal */
const abnormal = 6

/** Watches one server: asks a probe again and again, and does what the table of states says about it. */
export class Watch {
  readonly #parts: WatchParts
  readonly #attempts: number
  readonly #voice: Voice
  readonly #keeper: RecordKeeper
  readonly #tally: CheckTally
  readonly #onlookers: Onlookers
  readonly #pausing: Pausing
  readonly #repairing: Repairing
  #position: Position = opening
  #hasBegun = false
  #since: Date
  readonly #startedAt: number
  #check: Check | undefined
  #place: Place | undefined
  /** when the next check is to begin, by the clock that does not jump */
  #plannedAt: number
  #firstIntervalMs: number | undefined
  /** counts the checks that were begun or given up, so that a late one knows that it is */
  #turn = 0
  /** what the last failure was of */
  #cause: Cause = { id: abnormal }
  /** the probe of an abandoned check is on its way back */
  #clearing: Promise<void> | undefined
  #lastCheck: LastCheck | undefined
  #nextCheck: Date | undefined
  #clearNext: () => void = () => undefined
  readonly #ending: Promise<Ending>
  #end: (ending: Ending) => void = () => undefined

  constructor(parts: WatchParts) {
    this.#parts = parts
    this.#attempts = attempts(parts.timing)
    this.#voice = new Voice(parts.announce, parts.log, this.#attempts, {
      worstCaseMs: worstCaseNow(parts),
    })
    this.#keeper = new RecordKeeper(parts.saveRecord, this.#voice)
    this.#tally = parts.tally ?? new CheckTally(parts.tallySize)
    this.#onlookers = new Onlookers(parts.onlookers ?? [], this.#voice)
    this.#pausing = new Pausing({
      clock: parts.clock,
      voice: this.#voice,
      tally: this.#tally,
      limits: parts.pauseLimits,
      position: () => this.#position,
      goOn: () => {
        this.#goOn()
      },
      changed: () => {
        this.refreshRecord()
      },
    })
    this.#repairing = new Repairing({
      begin: parts.mend,
      longestMs: parts.timing.repairMs ?? 0,
      clock: parts.clock,
      voice: this.#voice,
    })
    this.#since = parts.clock.date()
    this.#startedAt = parts.clock.now()
    this.#plannedAt = this.#startedAt
    this.#firstIntervalMs = parts.firstIntervalMs
    this.#ending = new Promise((resolve) => {
      this.#end = resolve
    })
  }

  /** Watches until the server is judged abnormal, our own trouble does not end, or it is stopped. */
  async run(): Promise<Ending> {
    if (!this.#hasBegun) this.#take(opening)
    // A control came first; what it brought about stays.
    else if (this.#position.state !== 'ending') {
      this.#voice.announce({ id: 1 }, this.#position)
    }
    return this.#ending
  }

  /**
   * Suspends watching, for so long at most where something is said; the answer comes when no check is
   * under way any more. Of a watch that is paused already the end is set anew.
   */
  async pause(wantedMs?: number): Promise<ControlAnswer> {
    const { state } = this.#position
    if (state === 'ending') return this.#isEnding()
    const isPaused = state === 'paused'
    const grant = this.#pausing.grantOf(wantedMs)
    if (grant.kind === 'refused') {
      const { text, refusal } = grant
      this.#voice.announce({ id: 108, text }, this.#position)
      return { ...this.#answer(false, text), refusals: [refusal] }
    }
    if (isPaused && !this.#pausing.hasEnd && grant.ms === undefined) {
      return this.#answer(true, 'was paused already')
    }
    this.#pausing.set(grant)
    if (isPaused) this.refreshRecord()
    else this.#happen({ name: 'pause' })
    await this.#repairing.leaving
    return this.#answerWhenSaved('paused')
  }

  /** Why a pause of this length would be refused, if it would. */
  pauseRefusal(wantedMs?: number): Extract<PauseGrant, { kind: 'refused' }> | undefined {
    const grant = this.#pausing.grantOf(wantedMs)
    return grant.kind === 'refused' ? grant : undefined
  }

  /** Goes on watching after a pause, with a check at once. */
  async continue(): Promise<ControlAnswer> {
    const { state } = this.#position
    if (state === 'ending') return this.#isEnding()
    if (state !== 'paused') return this.#answer(true, 'was not paused')
    this.#goOn()
    return this.#answerWhenSaved('goes on watching')
  }

  #goOn(): void {
    // Those who were paused together go on together, and must not check together for ever.
    this.#firstIntervalMs = this.#parts.firstIntervalMs
    this.#happen({ name: 'continue' })
  }

  #isEnding(): ControlAnswer {
    return { ...this.#answer(false, 'is ending'), refusals: [{ why: 'ending', values: {} }] }
  }

  /** Ends the watch, whatever it is doing; the log says why. */
  async stop(why: string): Promise<ControlAnswer> {
    if (this.#position.state === 'ending') return this.#answer(true, 'is ending already')
    this.#voice.log('info', `stops: ${why}`)
    this.#happen({ name: 'stop' })
    return this.#answerWhenSaved('stops')
  }

  /**
   * Takes note of an error that nobody caught: a bug of ours. A check that was under way is ended
   * and repeated, and counts as one that could not judge. Between checks the error is logged and no
   * more, so that it cannot end a watch whose checks go well; but should it have kept the next check
   * from being planned, it is planned again.
   */
  reportBug(error: unknown): void {
    const outcome = bugOutcome(error)
    if (!this.isExposed) {
      this.#voice.log('error', `bug between checks: ${outcome.reason}`)
      return
    }
    this.#abandon('a bug')
    this.#judge({ outcome, lostMs: 0, ms: 0 }, 0)
  }

  /** Writes the record anew, where an onlooker has more to add to it. */
  refreshRecord(): void {
    if (this.#hasBegun) this.#keeper.keep(this.snapshot())
  }

  /** Forgets the failures in a row, where they were only pretended; the next check comes when it was to come. */
  forgetFailures(): void {
    const { state, counters } = this.#position
    if (state !== 'failing') return
    const back = counters.succeeded ? 'watching' : 'starting'
    this.#position = { state: back, counters: { ...counters, failures: 0 } }
    this.#since = this.#parts.clock.date()
  }

  /** Whether an error that nobody caught may have been one of its check, or have kept it from the next. */
  get isExposed(): boolean {
    return this.#check !== undefined || this.#isAtRest()
  }

  /** What the watch is doing, as its record shows it. */
  snapshot(): Status {
    const { state, counters } = this.#position
    const { timing, clock } = this.#parts
    return {
      state,
      since: this.#since.toISOString(),
      // A part of a failure is one for those who look on.
      failures: Math.ceil(counters.failures),
      retries: timing.retries,
      ...(this.#lastCheck && { lastCheck: this.#lastCheck }),
      ...(this.#nextCheck && { nextCheck: this.#nextCheck.toISOString() }),
      ...this.#pausing.status(),
      worstCaseMs: worstCaseNow(this.#parts),
      uptimeMs: Math.floor(clock.uptime()),
      succeeded: counters.succeeded,
      tally: this.#tally.snapshot(),
      ...this.#onlookers.status(),
    }
  }

  #happen(event: WatchEvent): void {
    const { isPossible } = this.#repairing
    this.#take(transition(this.#position, event, this.#attempts, isPossible))
  }

  #take(step: Step): void {
    this.#hasBegun = true
    const before = this.#position
    if (step.state !== before.state) this.#since = this.#parts.clock.date()
    this.#position = { state: step.state, counters: step.counters }
    for (const action of step.actions) this.#carryOut(action, before)
    this.#onlookers.moved(before.state, step.state)
  }

  #carryOut(action: Action, before: Position): void {
    switch (action.do) {
      case 'check':
        // What was not planned is due now.
        if (this.#nextCheck === undefined) this.#plannedAt = this.#parts.clock.now()
        this.#forgetNext()
        void this.#startCheck()
        return
      case 'abandon':
        this.#forgetNext()
        this.#abandon(this.#position.state)
        return
      case 'wait':
        this.#wait(action.for)
        return
      case 'announce':
        if (action.cause.id === abnormal) this.#sayLastWords()
        this.#voice.announce(action.cause, this.#position)
        return
      case 'note':
        this.#note(action.what, before)
        return
      case 'remind':
        if (action.on) this.#pausing.begin()
        else this.#pausing.end()
        return
      case 'repair':
        void this.#mend()
        return
      case 'conclude':
        this.#repairing.conclude(action.how, this.#position)
        return
      case 'record':
        this.#keeper.keep(this.snapshot())
        return
      case 'finish':
        void this.#finish(action.ending)
        return
    }
  }

  async #finish(ending: Ending): Promise<void> {
    // Whoever ends before it would leave behind what it has begun.
    if (this.#repairing.leaving !== undefined) await this.#repairing.leaving
    this.#end(ending)
  }

  async #mend(): Promise<void> {
    this.#turn += 1
    const turn = this.#turn
    const next = await this.#repairing.goOn()
    if (turn !== this.#turn) return
    this.#repairing.rest()
    if (next === 'check') this.#happen({ name: 'tick' })
    else this.#happen({ name: 'beyond-repair', cause: this.#cause })
  }

  #sayLastWords(): void {
    for (const cause of this.#onlookers.lastWords()) this.#voice.announce(cause, this.#position)
  }

  #note(what: Extract<Action, { do: 'note' }>['what'], before: Position): void {
    if (what === 'discarded' && this.#lastCheck !== undefined) {
      this.#lastCheck = { ...this.#lastCheck, verdict: 'discarded' }
      this.#tally.discardLast()
    }
    this.#voice.note(what, before, this.#position)
  }

  #wait(what: 'interval' | 'retry-interval'): void {
    const { clock, timing } = this.#parts
    const ms =
      what === 'retry-interval'
        ? timing.retryIntervalMs
        : Math.min(timing.intervalMs, this.#firstIntervalMs ?? timing.intervalMs)
    if (what === 'interval') this.#firstIntervalMs = undefined
    this.#forgetNext()
    this.#plannedAt = clock.now() + ms
    this.#clearNext = clock.setTimer(ms, () => {
      this.#happen({ name: 'tick' })
    })
    this.#nextCheck = new Date(clock.date().getTime() + ms)
  }

  #forgetNext(): void {
    this.#clearNext()
    this.#nextCheck = undefined
  }

  /** Nothing is under way and nothing is planned, though it should be. */
  #isAtRest(): boolean {
    const { state } = this.#position
    return (
      this.#turn > 0 &&
      state !== 'paused' &&
      state !== 'ending' &&
      this.#nextCheck === undefined &&
      this.#place === undefined &&
      this.#clearing === undefined &&
      !this.#repairing.isBusy
    )
  }

  async #startCheck(): Promise<void> {
    this.#turn += 1
    const turn = this.#turn
    if (this.#clearing !== undefined) {
      await this.#clearing
      if (turn !== this.#turn) return
    }
    const place = this.#parts.enter?.(this.#haste())
    if (place?.ready !== undefined) {
      this.#place = place
      await place.ready
      if (turn !== this.#turn) return
    }
    this.#place = place
    const { probe, clock, timing } = this.#parts
    const lateMs = Math.max(0, Math.round(clock.now() - this.#plannedAt))
    const check = new Check(probe, clock, timing.deadlineMs)
    this.#check = check
    const result = await check.result
    if (result === undefined || turn !== this.#turn) return
    this.#check = undefined
    this.#leave()
    this.#judge(result, lateMs)
  }

  #haste(): Haste {
    if (this.#position.counters.failures > 0) return 'retry'
    return this.#lastCheck === undefined ? 'first' : 'planned'
  }

  #leave(): void {
    this.#place?.leave()
    this.#place = undefined
  }

  #abandon(why: string): void {
    this.#turn += 1
    this.#leave()
    // A bug of a check ends that check alone.
    if (this.#position.state !== 'repairing') this.#repairing.breakOff()
    const check = this.#check
    if (check === undefined) return
    this.#check = undefined
    this.#clearing = this.#clear(check, why)
  }

  async #clear(check: Check, why: string): Promise<void> {
    await check.abandon(why)
    this.#clearing = undefined
  }

  #judge(result: CheckResult, lateMs: number): void {
    const { outcome, lostMs } = result
    const isIdentity =
      outcome.kind === 'failed' &&
      outcome.isAboutIdentity === true &&
      this.#parts.onIdentity === 'warn'
    this.#lastCheck = {
      ...lastCheckOf(result, lateMs, this.#parts.clock.date()),
      ...(isIdentity && { verdict: 'cannot-judge' }),
    }
    this.#tally.add(this.#lastCheck)
    this.#voice.about(result)
    // A success stays one, however long we stood still: only a server that is well can prove it.
    if (outcome.kind === 'ok') {
      this.#happen({ name: 'ok' })
    } else if (isIdentity) {
      this.#happen({ name: 'identity' })
    } else if (outcome.kind !== 'aborted') {
      if (outcome.kind === 'failed') this.#cause = outcome.cause
      const weight = outcome.kind === 'failed' ? outcome.weight : undefined
      const verdict: BadVerdict = {
        name: outcome.kind,
        cause: outcome.cause,
        ...(weight !== undefined && { weight }),
      }
      if (this.#isEarly()) this.#happen({ name: 'early' })
      else this.#happen(lostMs > 0 ? { name: 'stall', verdict } : verdict)
    }
    this.#onlookers.judged({ result, lastCheck: this.#lastCheck, after: this.#position })
  }

  #isEarly(): boolean {
    const { clock, timing } = this.#parts
    const { succeeded } = this.#position.counters
    return !succeeded && clock.now() - this.#startedAt < (timing.startWaitMs ?? 0)
  }

  #answer(ok: boolean, text: string): ControlAnswer {
    const pauseEnd = this.#pausing.shown
    return { ok, state: this.#position.state, text, ...(pauseEnd && { pauseEnd }) }
  }

  async #answerWhenSaved(text: string): Promise<ControlAnswer> {
    const { state } = this.#position
    await this.#keeper.saved(this.#parts.clock)
    const pauseEnd = this.#pausing.shown
    return { ok: true, state, text, ...(pauseEnd && { pauseEnd }) }
  }
}
