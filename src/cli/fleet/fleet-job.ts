import type { Layout } from '../../registry/layout.ts'
import type { Io } from '../io.ts'
import type { ProcessHandlers } from '../monitor/process-events.ts'
import type { Settings } from '../settings/settings.ts'
import type { FleetList } from './fleet-list.ts'
import type { FleetTexts } from './fleet-texts.ts'

/** What a process that watches several servers is started with. */
export type FleetJob = {
  /** the ID of the process, under which its record tells of all watches together */
  id: string
  list: FleetList
  /** the configuration of this host */
  settings: Settings
  /** reads both again; throws what is wrong with them, in words */
  readAgain: () => Promise<{ list: FleetList; settings: Settings }>
  layout: Layout
  texts: FleetTexts
  io: Io
  /** hears what comes from outside to the process */
  listen?: (handlers: ProcessHandlers) => void
}
