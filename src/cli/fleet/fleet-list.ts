import type { ExitPolicy } from '../../watch/exit-policy.ts'
import type { MonitorSettings } from '../monitor/monitor-request.ts'

/** One watch of a list: what a monitor of its own would be started with, and the group it belongs to. */
export type FleetEntry = { id: string; group: string; settings: MonitorSettings }

/** How many checks may begin at once, at one address and in all. */
export type FleetLimits = { inAll: number; perAddress: number }

/** What a process that watches several servers is started with. */
export type FleetList = {
  file: string
  exitOn: ExitPolicy
  limits: FleetLimits
  watches: readonly FleetEntry[]
}
