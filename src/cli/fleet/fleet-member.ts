import { Dispatcher } from '../../alert/dispatcher.ts'
import type { LogLevel } from '../../alert/announcement.ts'
import type { Entry } from '../../alert/entry.ts'
import type { ControlAction, ControlAnswer } from '../../registry/control-message.ts'
import type { MonitorRecord } from '../../registry/record.ts'
import type { Registration } from '../../registry/registration.ts'
import type { Registry } from '../../registry/registry.ts'
import type { Status } from '../../registry/status.ts'
import { bucketEdgesS, mostRecent } from '../../registry/tally.ts'
import { systemClock } from '../../watch/clock.ts'
import type { FleetWatch } from '../../watch/fleet.ts'
import { passBoth, type Gate } from '../../watch/gate.ts'
import { LastingWatch, type Turn } from '../../watch/lasting-watch.ts'
import type { Onlooker } from '../../watch/onlooker.ts'
import type { Ending } from '../../watch/state.ts'
import type { OpenedDiagnosis } from '../diagnosis/open-diagnosing.ts'
import type { Io } from '../io.ts'
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
  /** what finds out why servers fail, for all watches */
  diagnosis: () => Promise<OpenedDiagnosis['process']>
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
    const { probe, target, address, options } = composed
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
    const onlookers: Onlooker[] = []
    const watch = new LastingWatch(
      {
        timing: timingOf(settings.timing),
        firstIntervalMs,
        tallySize: { edgesS: bucketEdgesS, mostRecent },
        probe,
        clock: systemClock,
        enter: (haste) =>
          command === 'clp_nfsmon'
            ? passBoth(ports.enter(address, haste), () => gate.enter(address, haste))
            : gate.enter(address, haste),
        announce: (announcement) => {
          dispatcher.announce(announcement)
        },
        log: (level, text, detail) => {
          dispatcher.log(level, text, detail)
        },
        saveRecord: async (status) => {
          onStatus(id, status)
          await registration?.update(status)
        },
        onlookers,
      },
      (turn) => member?.turn(turn) ?? false,
    )
    const diagnosis = settings.diagnose ? await parts.diagnosis() : undefined
    if (diagnosis !== undefined) {
      const { openDiagnosing } = await import('../diagnosis/open-diagnosing.ts')
      const log = (level: LogLevel, text: string): void => {
        dispatcher.log(level, text)
      }
      const refresh = (): void => {
        watch.refreshRecord()
      }
      onlookers.push(openDiagnosing(composed, diagnosis, { log, refresh }))
    }
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
    member = new FleetMember(entry, watch, registration)
    const opened = member
    await registration.listen(async (action) => opened.#control(action, parts))
    return { kind: 'open', member }
  }

  private constructor({ id, group }: FleetEntry, watch: LastingWatch, registration: Registration) {
    this.id = id
    this.group = group
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
    this.#watch.reportBug(error)
  }

  /** What became of its server; answers whether it is to go on. */
  turn(what: Parameters<Turn>[0]): boolean {
    return this.#turn(what)
  }

  async #control(action: ControlAction, { onReload }: FleetParts): Promise<ControlAnswer> {
    switch (action) {
      case 'stop':
        return this.#watch.stop('-stop')
      case 'pause':
        return this.#watch.pause()
      case 'continue':
        return this.#watch.continue()
      case 'reload':
        return onReload()
      case 'status':
        return { ok: true, state: this.#watch.snapshot().state, text: '' }
    }
  }

  async #record({ how, exitStatus }: Ending): Promise<void> {
    try {
      await this.#registration.end({ at: new Date().toISOString(), how, exitStatus })
    } catch {
      // The record says that we run. Our process is gone soon, so the next start takes it over.
    }
  }
}
