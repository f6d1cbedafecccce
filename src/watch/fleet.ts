import { fleetEnding, type ExitPolicy, type Standing } from './exit-policy.ts'
import type { Turn } from './lasting-watch.ts'
import type { Ending } from './state.ts'

/** One of several watches of a process. */
export type FleetWatch = {
  id: string
  group: string
  /** Watches until it is stopped, or until its server is lost and `turn` does not want it to go on. */
  run: (turn: Turn) => Promise<Ending>
  stop: (why: string) => Promise<unknown>
}

/** How a process that watches several servers ended, and the watch that made it end. */
export type FleetEnding = { exitStatus: 0 | 1 | 5; by?: string }

type Seat = { watch: FleetWatch; standing: Standing; over: Promise<void> }

/** Several watches that begin and end singly, and decide together when their process is to end. */
export class Fleet {
  /** Resolves when the process is to end, and all its watches have. */
  readonly ended: Promise<FleetEnding>
  readonly #policy: ExitPolicy
  readonly #seats = new Map<string, Seat>()
  #ending: FleetEnding | undefined
  #end: (ending: FleetEnding) => void = () => undefined

  constructor(policy: ExitPolicy) {
    this.#policy = policy
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
  }

  /** The IDs that are being watched. */
  get ids(): string[] {
    return [...this.#seats].filter(([, { standing }]) => standing !== 'stopped').map(([id]) => id)
  }

  /** Whether the process is to end. */
  get isEnding(): boolean {
    return this.#ending !== undefined
  }

  /** Begins a watch; the ID of one that has ended may be used again. */
  begin(watch: FleetWatch): void {
    const seat: Seat = { watch, standing: 'watching', over: Promise.resolve() }
    seat.over = this.#follow(seat)
    this.#seats.set(watch.id, seat)
    if (this.#ending !== undefined) void watch.stop('the process ends')
  }

  /** Ends one watch, which has no say any more; the process goes on even if it was the last. */
  async remove(id: string, why: string): Promise<void> {
    const seat = this.#seats.get(id)
    if (seat === undefined) return
    this.#seats.delete(id)
    await seat.watch.stop(why)
    await seat.over
  }

  /** Ends them all in good order. */
  stop(why: string): void {
    this.#finish({ exitStatus: 0 }, why)
  }

  async #follow(seat: Seat): Promise<void> {
    const { watch } = seat
    const ending = await watch.run((turn) => this.#turn(seat, turn))
    if (ending.how !== 'stopped') return
    seat.standing = 'stopped'
    this.#judge(seat)
  }

  #turn(seat: Seat, turn: Parameters<Turn>[0]): boolean {
    seat.standing = turn === 'well' ? 'watching' : turn
    this.#judge(seat)
    return this.#ending === undefined
  }

  #judge(seat: Seat): void {
    if (this.#ending !== undefined || this.#seats.get(seat.watch.id) !== seat) return
    const members = [...this.#seats.values()].map(({ watch: { group }, standing }) => ({
      group,
      standing,
    }))
    const ending = fleetEnding(members, this.#policy)
    const { id } = seat.watch
    if (ending !== undefined) this.#finish({ ...ending, by: id }, `the process ends with ${id}`)
  }

  #finish(ending: FleetEnding, why: string): void {
    if (this.#ending !== undefined) return
    this.#ending = ending
    for (const { watch, standing } of this.#seats.values()) {
      if (standing !== 'stopped') void watch.stop(why)
    }
    void this.#settle(ending)
  }

  async #settle(ending: FleetEnding): Promise<void> {
    await Promise.all([...this.#seats.values()].map(({ over }) => over))
    this.#end(ending)
  }
}
