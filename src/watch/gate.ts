import type { Clock } from './clock.ts'

/** How many checks may be at their beginning at once, and for how long one counts as that. */
export type GateLimits = {
  inAll: number
  perAddress: number
  /**
   * A check that takes longer gives its place to the next: it waits for its server and loads nobody.
   * So a server that never answers holds back no other, nor the rest of its own checks for long.
   */
  holdMs: number
}

/** A place among the checks under way, or the wait for one. */
export type Place = {
  /** resolves when the check may begin; undefined when it may at once */
  ready: Promise<void> | undefined
  /** gives the place back, or the wait up; once is enough, more does no harm */
  leave: () => void
}

type Waiting = { lane: Lane; grant: () => void }

type Lane = { begun: number; urgent: Waiting[]; patient: Waiting[] }

/** Lets checks begin a few at a time: the addresses take turns, and at each one the urgent go first. */
export class Gate {
  readonly #clock: Pick<Clock, 'setTimer'>
  readonly #limits: GateLimits
  readonly #lanes = new Map<string, Lane>()
  /** lanes where somebody waits, the one whose turn it is first */
  readonly #queue = new Set<Lane>()
  #begun = 0

  constructor(clock: Pick<Clock, 'setTimer'>, limits: GateLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  /** Asks for a place; a check whose predecessor failed is urgent. */
  enter(address: string, isUrgent: boolean): Place {
    const lane = this.#laneOf(address)
    let stage: 'waiting' | 'begun' | 'over' = 'begun'
    let clearTimer: (() => void) | undefined
    const leave = (): void => {
      if (stage === 'waiting') this.#giveUp(lane, waiting)
      else if (stage === 'begun') {
        clearTimer?.()
        this.#begun -= 1
        lane.begun -= 1
        if (lane.begun === 0 && !this.#queue.has(lane)) this.#lanes.delete(address)
      }
      const wasThere = stage !== 'over'
      stage = 'over'
      if (wasThere) this.#admit()
    }
    const begin = (): void => {
      stage = 'begun'
      this.#begun += 1
      lane.begun += 1
      clearTimer = this.#clock.setTimer(this.#limits.holdMs, leave)
    }
    let granted: (() => void) | undefined
    const waiting: Waiting = {
      lane,
      grant: () => {
        begin()
        granted?.()
      },
    }
    if (!this.#queue.has(lane) && this.#hasRoom(lane)) {
      begin()
      return { ready: undefined, leave }
    }
    stage = 'waiting'
    const ready = new Promise<void>((resolve) => {
      granted = resolve
    })
    ;(isUrgent ? lane.urgent : lane.patient).push(waiting)
    this.#queue.add(lane)
    return { ready, leave }
  }

  #laneOf(address: string): Lane {
    const known = this.#lanes.get(address)
    if (known !== undefined) return known
    const lane: Lane = { begun: 0, urgent: [], patient: [] }
    this.#lanes.set(address, lane)
    return lane
  }

  #hasRoom(lane: Lane): boolean {
    const { inAll, perAddress } = this.#limits
    return this.#begun < inAll && lane.begun < perAddress
  }

  #giveUp(lane: Lane, waiting: Waiting): void {
    for (const line of [lane.urgent, lane.patient]) {
      const at = line.indexOf(waiting)
      if (at >= 0) line.splice(at, 1)
    }
    if (lane.urgent.length + lane.patient.length === 0) this.#queue.delete(lane)
  }

  #admit(): void {
    for (const lane of this.#queue) {
      if (this.#begun >= this.#limits.inAll) return
      if (!this.#hasRoom(lane)) continue
      const next = lane.urgent.shift() ?? lane.patient.shift()
      this.#queue.delete(lane)
      if (lane.urgent.length + lane.patient.length > 0) this.#queue.add(lane)
      next?.grant()
    }
  }
}
