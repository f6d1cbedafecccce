import type { ControlHandler } from '../../registry/control-server.ts'
import type { DrillKind } from '../../registry/drill-status.ts'
import type { Registration, Report } from '../../registry/registration.ts'
import type { Registered, Registry } from '../../registry/registry.ts'
import type { LastCheck, Status } from '../../registry/status.ts'
import type { Clock } from '../../watch/clock.ts'
import { worstCaseDetectionMs } from '../../watch/timing.ts'
import { timingOf } from '../monitor/timing-of.ts'
import type { FleetSummary } from './fleet-health.ts'
import type { FleetList } from './fleet-list.ts'

/** The command that a process with many watches was started by. */
export const fleetCommand = 'clp_fsmon'

/** What became of registering a process; `held` is undefined where another one has the ID. */
export type OpenedRecord = { record: FleetRecord } | { heldBy: Registered & { kind: 'in-use' } }

/** The record of a process with many watches: what a cluster manager reads of all of them at once. */
export class FleetRecord {
  readonly #clock: Pick<Clock, 'date' | 'uptime'>
  readonly #registration: Registration
  #status: Status

  /** Takes the ID of the process. */
  static async open(
    id: string,
    list: FleetList,
    registry: Pick<Registry, 'register'>,
    clock: Pick<Clock, 'date' | 'uptime'>,
    report: Report,
  ): Promise<OpenedRecord> {
    const { file, exitOn, watches } = list
    const status: Status = {
      state: 'starting',
      since: clock.date().toISOString(),
      failures: 0,
      retries: 0,
      worstCaseMs: Math.max(
        0,
        ...watches.map(({ settings }) =>
          worstCaseDetectionMs(timingOf(settings.timing, settings.care)),
        ),
      ),
      uptimeMs: Math.floor(clock.uptime()),
      succeeded: false,
    }
    const options = { exitOn, watches: watches.length }
    const registered = await registry.register(
      { id, command: fleetCommand, target: file, options, status },
      report,
    )
    if (registered.kind === 'in-use') return { heldBy: registered }
    if (registered.tookOver !== undefined) report(`took over the ID ${id}: ${registered.tookOver}`)
    return { record: new FleetRecord(registered.registration, status, clock) }
  }

  private constructor(
    registration: Registration,
    status: Status,
    clock: Pick<Clock, 'date' | 'uptime'>,
  ) {
    this.#registration = registration
    this.#status = status
    this.#clock = clock
  }

  /** Begins to answer controls. */
  async listen(handle: ControlHandler): Promise<void> {
    await this.#registration.listen(handle)
  }

  /** Writes what the watches come to; fails when the record cannot be written. */
  async update(summary: FleetSummary): Promise<void> {
    const { state, failures, succeeded, worstCaseMs, lastCheck, lateness } = summary
    const { pauseEnd, drill } = summary
    const isNew = state !== this.#status.state
    const since = isNew ? this.#clock.date().toISOString() : this.#status.since
    this.#status = {
      state,
      since,
      failures,
      retries: 0,
      ...(lastCheck && { lastCheck }),
      ...(state === 'paused' && { pausedSince: since }),
      ...(pauseEnd && { pauseEnd }),
      worstCaseMs,
      uptimeMs: Math.floor(this.#clock.uptime()),
      succeeded,
      ...(lateness && { lateness }),
      ...(drill && { drill }),
    }
    await this.#registration.update(this.#status)
  }

  /** Writes how the process ended, with the check that decided it, and the drill that it was of. */
  async end(exitStatus: number, lastCheck?: LastCheck, drill?: DrillKind): Promise<void> {
    const how = exitStatus === 0 ? 'stopped' : exitStatus === 1 ? 'abnormal' : 'own-trouble'
    if (lastCheck !== undefined) {
      await this.#registration.update({ ...this.#status, state: 'ending', lastCheck })
    }
    await this.#registration.end({
      at: this.#clock.date().toISOString(),
      how,
      exitStatus,
      ...(drill && { drill }),
    })
  }
}
