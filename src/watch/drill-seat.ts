import type { Outcome, Probe } from '../probe/probe.ts'
import type { DrillKind, DrillStatus } from '../registry/drill-status.ts'
import type { Clock } from './clock.ts'
import type { Onlooker } from './onlooker.ts'
import type { Announce, Log } from './voice.ts'

/** What a seat needs of a drill. */
export type Seated = {
  status: DrillStatus
  judge: (real: Outcome, signal: AbortSignal, agoMs: number) => Promise<Outcome>
  end: (why: string) => void
  close: () => void
}

/** Where a drill sits between a watch and its server, and its voice; nobody sits there but in a drill. */
export class DrillSeat {
  readonly #probe: Probe
  readonly #clock: Pick<Clock, 'now'>
  readonly #announce: Announce
  readonly #log: Log
  #drill: Seated | undefined

  constructor(probe: Probe, clock: Pick<Clock, 'now'>, announce: Announce, log: Log) {
    this.#probe = probe
    this.#clock = clock
    this.#announce = announce
    this.#log = log
  }

  /** The drill under way, if there is one. */
  get kind(): DrillKind | undefined {
    return this.#drill?.status.kind
  }

  /** Asks the server, whatever is then told of it. */
  readonly probe: Probe = async (signal) => {
    const startedAt = this.#clock.now()
    const outcome = await this.#probe(signal)
    return this.#drill?.judge(outcome, signal, this.#clock.now() - startedAt) ?? outcome
  }

  /** Gives an alert; one of a drill is marked. */
  readonly announce: Announce = (announcement) => {
    this.#announce({ ...announcement, detail: this.#marked(announcement.detail) })
  }

  /** Writes into the log; what is of a drill is marked. */
  readonly log: Log = (level, text, detail) => {
    this.#log(level, text, this.#marked(detail))
  }

  /** Shows the drill in the record, and ends it with a pause. */
  readonly onlooker: Onlooker = {
    status: () => (this.#drill === undefined ? {} : { drill: this.#drill.status }),
    paused: () => {
      this.end('the watch is paused')
    },
  }

  /** Lets a drill begin. */
  take(drill: Seated): void {
    this.#drill = drill
  }

  /** The seat is free again. */
  leave(): void {
    this.#drill = undefined
  }

  /** Ends a drill that is under way. */
  end(why: string): void {
    this.#drill?.end(why)
  }

  /** The watch has ended; tells in which drill, and leaves nothing of that behind. */
  close(): DrillKind | undefined {
    const { kind } = this
    this.#drill?.close()
    this.#drill = undefined
    return kind
  }

  #marked(detail: Parameters<Log>[2] = {}): NonNullable<Parameters<Log>[2]> {
    return this.kind === undefined ? detail : { ...detail, drill: this.kind }
  }
}
