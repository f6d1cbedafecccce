import { Dispatcher } from '../../alert/dispatcher.ts'
import type { Entry } from '../../alert/entry.ts'
import type { ControlAction, ControlAnswer } from '../../registry/control-message.ts'
import type { Layout } from '../../registry/layout.ts'
import type { MonitorRecord } from '../../registry/record.ts'
import type { Registration } from '../../registry/registration.ts'
import type { Registry } from '../../registry/registry.ts'
import type { Status } from '../../registry/status.ts'
import type { Outstanding } from '../../repair/in-time.ts'
import { systemClock } from '../../watch/clock.ts'
import type { DrillSeat } from '../../watch/drill-seat.ts'
import type { FleetWatch } from '../../watch/fleet.ts'
import { passBoth, type Gate, type Haste, type Place } from '../../watch/gate.ts'
import { LastingWatch, type Turn } from '../../watch/lasting-watch.ts'
import type { Ending } from '../../watch/state.ts'
import type { DiagnosisProcess } from '../diagnosis/diagnosis-process.ts'
import type { Announce, Log } from '../../watch/voice.ts'
import type { Io } from '../io.ts'
import type { DrillKind } from '../../registry/drill-status.ts'
import type { DrillAction, DrilledWatch, DrillRefusal } from '../monitor/control-drill.ts'
import { attend } from '../monitor/attend.ts'
import { composeProbe } from '../monitor/compose-probe.ts'
import { timingOf } from '../monitor/timing-of.ts'
import type { OpenedRepair } from '../repair/open-repair.ts'
import type { Settings } from '../settings/settings.ts'
import type { FleetEntry } from './fleet-list.ts'

/** What the watches of one process have in common. */
export type FleetParts = {
  io: Io
  registry: Pick<Registry, 'register'>
  gate: Gate
  /** where those wait that need a reserved port */
  ports: Gate
  layout: Layout
  /** what may be done for a server before it is given up */
  repair: Settings['repair']
  /** what repairs have begun on a disk that has not come back */
  outstanding: Outstanding
  /** where what a watch says goes on to */
  pass: (entry: Entry) => void
  /** hears the status of every watch whenever it changes */
  onStatus: (id: string, status: Status) => void
  /** what finds out why servers fail, for all watches */
  diagnosis: () => Promise<DiagnosisProcess | undefined>
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
  readonly #repair: OpenedRepair | undefined
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
    const composed = await composeProbe(settings, io)
    const { target, address, options } = composed
    const dispatcher = new Dispatcher({
      command,
      target,
      server: io.hostName(),
      monitor: id,
      sinks: [{ name: 'process', takes: () => true, deliver: async (said) => pass(said) }],
      onTrouble: () => undefined,
    })
    // oxlint-disable-next-line prefer-const -- the watch needs them before they are there
    let registration: Registration | undefined
    // oxlint-disable-next-line prefer-const -- the same
    let member: FleetMember | undefined
    const announce: Announce = (announcement) => {
      dispatcher.announce(announcement)
    }
    const log: Log = (level, text, detail) => {
      dispatcher.log(level, text, detail)
    }
    const enter = (haste: Haste): Place =>
      command === 'clp_nfsmon'
        ? passBoth(ports.enter(address, haste), () => gate.enter(address, haste))
        : gate.enter(address, haste)
    const attended = await attend({
      id,
      settings,
      composed,
      layout: parts.layout,
      io,
      repair: parts.repair,
      outstanding: parts.outstanding,
      diagnosis: parts.diagnosis,
      announce,
      log,
      refresh: () => {
        watch.refreshRecord()
      },
      enter,
    })
    const { seat, repair } = attended
    const watch = new LastingWatch(
      {
        ...attended.parts,
        firstIntervalMs,
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
    member = new FleetMember(entry, watch, registration, { seat, repair })
    const opened = member
    await registration.listen(async (action, seconds) => opened.#control(action, seconds, parts))
    return { kind: 'open', member }
  }

  private constructor(
    { id, group, settings }: FleetEntry,
    watch: LastingWatch,
    registration: Registration,
    { seat, repair }: { seat: DrillSeat; repair: OpenedRepair | undefined },
  ) {
    this.id = id
    this.group = group
    const timing = timingOf(settings.timing, settings.care)
    const { command, care } = settings
    const { warnAtPercent } = care
    this.#drilled = { command, seat, watch, timing, clock: systemClock, warnAtPercent }
    this.#watch = watch
    this.#registration = registration
    this.#repair = repair
  }

  /** Whether the operator has paused it. */
  get isPaused(): boolean {
    return this.#watch.snapshot().state === 'paused'
  }

  /** How long it stays so; undefined where that has no end. */
  get pauseSecondsLeft(): number | undefined {
    const { pauseEnd } = this.#watch.snapshot()
    if (pauseEnd === undefined) return undefined
    return Math.max(0.001, (pauseEnd.untilUptimeMs - systemClock.uptime()) / 1000)
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

  /** Suspends the watch, for so many seconds at most. */
  async pause(seconds?: number): Promise<ControlAnswer> {
    return this.#watch.pause(seconds === undefined ? undefined : seconds * 1000)
  }

  /** Why such a pause would be refused, if it would. */
  pauseRefusal(seconds?: number): ReturnType<LastingWatch['pauseRefusal']> {
    return this.#watch.pauseRefusal(seconds === undefined ? undefined : seconds * 1000)
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
        return this.pause(seconds)
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
    // A disk that hangs under a repair holds the process as one under a record does.
    await this.#repair?.settled()
  }
}
