import type { Clock } from './clock.ts'

/** How many checks may be at their beginning at once, and for how long one counts as that. */
export type GateLimits = {
  inAll: number
  perAddress: number
  /**
   * A check that takes longer gives its place to the next: it waits for its server and loads nobody.
   * So a server that never answers holds back no other, nor the rest of its own checks for long.
   * Without it a check keeps its place to its end.
   */
  holdMs?: number
}

/**
 * Why a check is to begin: its predecessor failed, its time has come, or it is the first of its watch.
 * They go ahead of one another in this order: whoever is watched is asked in time while many are new.
 */
const hastes = ['retry', 'planned', 'first'] as const
export type Haste = (typeof hastes)[number]

/** A place among the checks under way, or the wait for one. */
export type Place = {
  /** resolves when the check may begin; undefined when it may at once */
  ready: Promise<void> | undefined
  /** gives the place back, or the wait up; once is enough, more does no harm */
  leave: () => void
}

/** A place at one gate, and then at another one. */
export function passBoth(first: Place, enterNext: () => Place): Place {
  let isOver = false
  let next: Place | undefined
  const pass = async (): Promise<void> => {
    await first.ready
    if (isOver) return
    next = enterNext()
    await next.ready
  }
  if (first.ready === undefined) next = enterNext()
  return {
    ready: next === undefined ? pass() : next.ready,
    leave: () => {
      isOver = true
      next?.leave()
      first.leave()
    },
  }
}

type Waiting = { lane: Lane; grant: () => void }

type Lane = { begun: number; lines: Record<Haste, Waiting[]> }

/** Lets checks begin a few at a time: the addresses take turns, and at each one the hasty go first. */
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

  /** Asks for a place. */
  enter(address: string, haste: Haste): Place {
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
      const { holdMs } = this.#limits
      if (holdMs !== undefined) clearTimer = this.#clock.setTimer(holdMs, leave)
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
    lane.lines[haste].push(waiting)
    this.#queue.add(lane)
    return { ready, leave }
  }

  #laneOf(address: string): Lane {
    const known = this.#lanes.get(address)
    if (known !== undefined) return known
    const lane: Lane = { begun: 0, lines: { retry: [], planned: [], first: [] } }
    this.#lanes.set(address, lane)
    return lane
  }

  #hasRoom(lane: Lane): boolean {
    const { inAll, perAddress } = this.#limits
    return this.#begun < inAll && lane.begun < perAddress
  }

  #giveUp(lane: Lane, waiting: Waiting): void {
    for (const haste of hastes) {
      const at = lane.lines[haste].indexOf(waiting)
      if (at >= 0) lane.lines[haste].splice(at, 1)
    }
    if (isEmpty(lane)) this.#queue.delete(lane)
  }

  #admit(): void {
    for (const lane of this.#queue) {
      if (this.#begun >= this.#limits.inAll) return
      if (!this.#hasRoom(lane)) continue
      const { retry, planned, first } = lane.lines
      const next = retry.shift() ?? planned.shift() ?? first.shift()
      this.#queue.delete(lane)
      if (!isEmpty(lane)) this.#queue.add(lane)
      next?.grant()
    }
  }
}

function isEmpty({ lines }: Lane): boolean {
  return hastes.every((haste) => lines[haste].length === 0)
}
