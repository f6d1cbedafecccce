import { Dispatcher } from '../../alert/dispatcher.ts'
import type { Entry } from '../../alert/entry.ts'
import type { ControlAction, ControlAnswer } from '../../registry/control-message.ts'
import type { MonitorRecord } from '../../registry/record.ts'
import type { Registration } from '../../registry/registration.ts'
import type { Registry } from '../../registry/registry.ts'
import type { Status } from '../../registry/status.ts'
import { bucketEdgesS, mostRecent } from '../../registry/tally.ts'
import { systemClock } from '../../watch/clock.ts'
import { DrillSeat } from '../../watch/drill-seat.ts'
import type { FleetWatch } from '../../watch/fleet.ts'
import { passBoth, type Gate } from '../../watch/gate.ts'
import { LastingWatch, type Turn } from '../../watch/lasting-watch.ts'
import type { Ending } from '../../watch/state.ts'
import type { Io } from '../io.ts'
import type { DrillKind } from '../../registry/drill-status.ts'
import type { DrillAction, DrilledWatch, DrillRefusal } from '../monitor/control-drill.ts'
import { composeProbe } from '../monitor/compose-probe.ts'
import { timingOf } from '../monitor/timing-of.ts'
import type { FleetEntry } from './fleet-list.ts'

/** What the watches of one process have in common. */
export type FleetParts = {
  io: Io
  registry: Pick<Registry, 'register'>
  gate: Gate
  /** where those wait that need a reserved port */
  ports: Gate
  /** where what a watch says goes on to */
  pass: (entry: Entry) => void
  /** hears the status of every watch whenever it changes */
  onStatus: (id: string, status: Status) => void
  /** carries out what is asked of the process by way of one of its watches */
  onReload: () => Promise<ControlAnswer>
}

/** What became of opening a watch; `holder` is who has its ID. */
export type OpenedMember =
  | { kind: 'open'; member: FleetMember }
  | { kind: 'in-use'; holder: MonitorRecord | undefined; announce: () => void }

/** One watch of a process that has several: it is registered, shown and controlled as if it were alone. */
export class FleetMember implements FleetWatch {
  readonly id: string
  readonly group: string
  readonly #watch: LastingWatch
  readonly #registration: Registration
  readonly #drilled: DrilledWatch
  /** the drill in which its server was last judged abnormal */
  #lostIn: DrillKind | undefined
  #recorded: Promise<void> = Promise.resolve()
  #turn: Turn = () => false

  /** Takes the ID of an entry and answers controls; the watch does not begin before `run`. */
  static async open(
    entry: FleetEntry,
    parts: FleetParts,
    firstIntervalMs: number,
  ): Promise<OpenedMember> {
    const { io, registry, gate, ports, pass, onStatus } = parts
    const { id, group, settings } = entry
    const { command } = settings
    const { probe, target, address, options } = await composeProbe(settings, io)
    const dispatcher = new Dispatcher({
      command,
      target,
      server: io.hostName(),
      monitor: id,
      sinks: [{ name: 'process', takes: () => true, deliver: async (said) => pass(said) }],
      onTrouble: () => undefined,
    })
    const seat = new DrillSeat(
      probe,
      systemClock,
      (announcement) => {
        dispatcher.announce(announcement)
      },
      (level, text, detail) => {
        dispatcher.log(level, text, detail)
      },
    )
    const timing = timingOf(settings.timing)
    // oxlint-disable-next-line prefer-const -- the watch needs them before they are there
    let registration: Registration | undefined
    // oxlint-disable-next-line prefer-const -- the same
    let member: FleetMember | undefined
    const watch = new LastingWatch(
      {
        timing,
        firstIntervalMs,
        tallySize: { edgesS: bucketEdgesS, mostRecent },
        probe: seat.probe,
        clock: systemClock,
        enter: (haste) =>
          command === 'clp_nfsmon'
            ? passBoth(ports.enter(address, haste), () => gate.enter(address, haste))
            : gate.enter(address, haste),
        announce: seat.announce,
        log: seat.log,
        onlookers: [seat.onlooker],
        saveRecord: async (status) => {
          onStatus(id, status)
          await registration?.update(status)
        },
      },
      (turn) => member?.turn(turn) ?? false,
    )
    const registered = await registry.register(
      {
        id,
        command,
        target: `${target} @ ${address}`,
        options: { ...options, ...(group !== '' && { group }) },
        sharesProcess: true,
        status: watch.snapshot(),
      },
      (text) => {
        dispatcher.log('warn', text)
      },
    )
    if (registered.kind === 'in-use') {
      const { entry: found } = registered
      return {
        kind: 'in-use',
        holder: 'record' in found ? found.record : undefined,
        announce: () => {
          dispatcher.announce({ id: 14 })
        },
      }
    }
    ;({ registration } = registered)
    if (registered.tookOver !== undefined) {
      dispatcher.log('warn', `took over the ID ${id}: ${registered.tookOver}`)
    }
    member = new FleetMember(entry, watch, registration, seat)
    const opened = member
    await registration.listen(async (action, seconds) => opened.#control(action, seconds, parts))
    return { kind: 'open', member }
  }

  private constructor(
    { id, group, settings }: FleetEntry,
    watch: LastingWatch,
    registration: Registration,
    seat: DrillSeat,
  ) {
    this.id = id
    this.group = group
    const timing = timingOf(settings.timing)
    this.#drilled = { command: settings.command, seat, watch, timing, clock: systemClock }
    this.#watch = watch
    this.#registration = registration
  }

  /** Whether the operator has paused it. */
  get isPaused(): boolean {
    return this.#watch.snapshot().state === 'paused'
  }

  /** What it is doing, as its record shows it. */
  get status(): Status {
    return this.#watch.snapshot()
  }

  /** Resolves when its end stands in its record, or cannot be written. */
  get recorded(): Promise<void> {
    return this.#recorded
  }

  /** Watches until the end, which goes into the record. */
  async run(turn: Turn): Promise<Ending> {
    this.#turn = turn
    const ending = await this.#watch.run()
    this.#recorded = this.#record(ending)
    return ending
  }

  /** Ends the watch; the log says why. */
  async stop(why: string): Promise<ControlAnswer> {
    this.#drilled.seat.end('the monitor stops')
    return this.#watch.stop(why)
  }

  /** Suspends the watch. */
  async pause(): Promise<ControlAnswer> {
    return this.#watch.pause()
  }

  /** Goes on watching after a pause. */
  async continue(): Promise<ControlAnswer> {
    return this.#watch.continue()
  }

  /** Gives the ID back without ever having watched. */
  async close(): Promise<void> {
    await this.#record({ how: 'stopped', exitStatus: 0 })
  }

  /** Whether an error that nobody caught may have kept it from going on. */
  get isExposed(): boolean {
    return this.#watch.isExposed
  }

  /** Takes note of an error that nobody caught. */
  reportBug(error: unknown): void {
    this.#drilled.seat.end('a bug')
    this.#watch.reportBug(error)
  }

  /** What became of its server; answers whether it is to go on. */
  turn(what: Parameters<Turn>[0]): boolean {
    this.#lostIn = what === 'abnormal' ? this.#drilled.seat.kind : undefined
    return this.#turn(what)
  }

  /** The drill that its server was judged abnormal in, if it was. */
  get lostIn(): DrillKind | undefined {
    return this.#lostIn
  }

  /** What keeps a drill from beginning. */
  async drillRefusal(): Promise<DrillRefusal | undefined> {
    const { drillRefusal } = await import('../monitor/control-drill.ts')
    return drillRefusal(this.#drilled)
  }

  /** Lets a drill begin, or ends it. */
  async drill(action: DrillAction, seconds: number | undefined): Promise<ControlAnswer> {
    const { controlDrill } = await import('../monitor/control-drill.ts')
    return controlDrill(action, seconds, this.#drilled)
  }

  async #control(
    action: ControlAction,
    seconds: number | undefined,
    { onReload }: FleetParts,
  ): Promise<ControlAnswer> {
    switch (action) {
      case 'stop':
        return this.stop('-stop')
      case 'pause':
        return this.#watch.pause()
      case 'continue':
        return this.#watch.continue()
      case 'reload':
        return onReload()
      case 'status':
        return { ok: true, state: this.#watch.snapshot().state, text: '' }
      case 'drill-fault':
      case 'drill-timeout':
      case 'drill-slow':
      case 'drill-end':
        return this.drill(action, seconds)
    }
  }

  async #record({ how, exitStatus }: Ending): Promise<void> {
    this.#drilled.seat.close()
    const drill = how === 'abnormal' ? this.#lostIn : undefined
    try {
      const at = new Date().toISOString()
      await this.#registration.end({ at, how, exitStatus, ...(drill && { drill }) })
    } catch {
      // The record says that we run. Our process is gone soon, so the next start takes it over.
    }
  }
}
