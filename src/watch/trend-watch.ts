import type { MeasureSpace } from '../probe/space.ts'
import type { Clock } from './clock.ts'
import { Deadline } from './deadline.ts'
import type { Place } from './gate.ts'
import { hostMemory, memoryPressure, type ReadProc } from './host-memory.ts'
import type { Judged, Onlooker } from './onlooker.ts'
import { TrendSeries, type TrendReach } from './trend-series.ts'
import type { Announce, Log } from './voice.ts'
import type { WarningBoard, WarningKind } from './warning-board.ts'

/** So much of something: bytes, or a share of the whole. */
export type Amount = { bytes: number } | { percent: number }

/** What is measured after each check, and by whom. */
export type TrendWatchParts = TrendReach & {
  clock: Clock
  announce: Announce
  log: Log
  board: WarningBoard
  /** where the response time is to be looked at: how long a check may take */
  responseLimitMs?: number
  /** where the space is to be looked at: how much must be left */
  space?: {
    limit: Amount
    measure: MeasureSpace
    /** how long asking may take */
    deadlineMs: number
    /** asks for a place among the checks of other watches */
    enter?: () => Place
  }
  /** how much memory must be left on this host */
  memoryLimit?: Amount
  /** for how many percent of the time at most somebody may wait for memory */
  pressureLimitPercent?: number
  readProc: ReadProc
}

const names = {
  response: 'response time',
  space: 'free space',
  memory: 'memory of this host',
  pressure: 'memory pressure of this host',
} as const

type Measurement = keyof typeof names & WarningKind

/** Foresees that a limit will be reached, and warns; what it asks for itself it asks beside the checks. */
export class TrendWatch implements Onlooker {
  readonly #parts: TrendWatchParts
  readonly #series = new Map<Measurement, TrendSeries>()
  /** what could not be measured the last time, which has been said */
  readonly #lacking = new Set<Measurement>()
  /** what is not asked for any more */
  readonly #refused = new Set<Measurement>()
  #measuring: { deadline: Deadline; place: Place | undefined } | undefined
  /** counts the interruptions, so that what comes late knows that it is */
  #turn = 0

  constructor(parts: TrendWatchParts) {
    this.#parts = parts
  }

  judged({ result: { outcome, lostMs, ms } }: Judged): void {
    const { responseLimitMs, memoryLimit, pressureLimitPercent, space } = this.#parts
    // How late an answer is made in a drill says nothing of the server.
    const isGood = outcome.kind === 'ok' && outcome.detail['drill'] === undefined
    if (isGood && lostMs === 0 && responseLimitMs !== undefined) {
      this.#take('response', ms, responseLimitMs - ms, responseLimitMs, 'ms')
    }
    if (isGood && space !== undefined) void this.#measureSpace(space)
    if (memoryLimit !== undefined) void this.#measureMemory(memoryLimit)
    if (pressureLimitPercent !== undefined) void this.#measurePressure(pressureLimitPercent)
  }

  paused(): void {
    this.#interrupt('pause')
  }

  ended(): void {
    this.#interrupt('end')
  }

  #interrupt(why: string): void {
    this.#turn += 1
    this.#measuring?.deadline.abandon(why)
    this.#measuring?.place?.leave()
    this.#measuring = undefined
    for (const series of this.#series.values()) series.interrupt()
  }

  async #measureSpace(space: NonNullable<TrendWatchParts['space']>): Promise<void> {
    if (this.#measuring !== undefined || this.#refused.has('space')) return
    const turn = this.#turn
    const deadline = new Deadline(this.#parts.clock, space.deadlineMs)
    const place = space.enter?.()
    const measuring = { deadline, place }
    this.#measuring = measuring
    try {
      if (place?.ready !== undefined) await place.ready
      if (turn !== this.#turn) return
      const measured = await space.measure(deadline.signal)
      if (turn !== this.#turn) return
      if (measured.kind === 'measured') {
        const { freeBytes, totalBytes } = measured.space
        const limit = bytesOf(space.limit, totalBytes)
        this.#take('space', freeBytes, freeBytes - limit, limit, 'bytes')
      } else {
        if (measured.kind === 'refused') this.#refused.add('space')
        this.#lacks('space', measured.reason)
      }
    } catch (error) {
      this.#lacks('space', String(error))
    } finally {
      deadline.clear()
      place?.leave()
      if (this.#measuring === measuring) this.#measuring = undefined
    }
  }

  async #measureMemory(wanted: Amount): Promise<void> {
    const turn = this.#turn
    try {
      const { availableBytes, totalBytes } = await hostMemory(this.#parts.readProc)
      if (turn !== this.#turn) return
      const limit = bytesOf(wanted, totalBytes)
      this.#take('memory', availableBytes, availableBytes - limit, limit, 'bytes')
    } catch (error) {
      this.#lacks('memory', String(error))
    }
  }

  async #measurePressure(limit: number): Promise<void> {
    const turn = this.#turn
    try {
      const percent = await memoryPressure(this.#parts.readProc)
      if (turn === this.#turn) this.#take('pressure', percent, limit - percent, limit, 'percent')
    } catch (error) {
      this.#lacks('pressure', String(error))
    }
  }

  #take(what: Measurement, value: number, margin: number, limit: number, unit: string): void {
    const { clock, announce, log, board, samples, aheadMs } = this.#parts
    if (this.#lacking.delete(what)) log('info', `trend: the ${names[what]} is known again`)
    const series = this.#series.get(what) ?? new TrendSeries({ samples, aheadMs })
    this.#series.set(what, series)
    const news = series.add(clock.now(), margin)
    if (news === undefined) return
    const { say, inMs } = news
    const nn = Math.round(inMs / 1000)
    const expectedAt = new Date(clock.date().getTime() + inMs).toISOString()
    const detail = { what: names[what], value, limit, unit }
    if (say === 104) {
      board.lower(what)
      announce({ id: 104, text: names[what], detail })
      return
    }
    const text = `${names[what]}: ${Math.round(value)} ${unit}, limit ${Math.round(limit)}, expected ${expectedAt}`
    board.raise(what, { id: 103, text })
    announce({ id: 103, nn, text: names[what], detail: { ...detail, inSeconds: nn, expectedAt } })
  }

  /** Said once until it is known again; of what was refused never more. */
  #lacks(what: Measurement, reason: string): void {
    if (this.#lacking.has(what)) return
    this.#lacking.add(what)
    const rest = this.#refused.has(what) ? 'it is not asked for any more' : 'watching goes on'
    this.#parts.log('warn', `trend: the ${names[what]} is not known: ${reason}; ${rest}`)
  }
}

function bytesOf(amount: Amount, totalBytes: number): number {
  return 'bytes' in amount ? amount.bytes : (totalBytes * amount.percent) / 100
}
