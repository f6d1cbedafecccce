import type { Layout } from '../../registry/layout.ts'
import { bucketEdgesS, mostRecent } from '../../registry/tally.ts'
import type { Outstanding } from '../../repair/in-time.ts'
import { systemClock } from '../../watch/clock.ts'
import { DrillSeat } from '../../watch/drill-seat.ts'
import type { Haste, Place } from '../../watch/gate.ts'
import type { Onlooker } from '../../watch/onlooker.ts'
import type { Announce, Log } from '../../watch/voice.ts'
import type { WatchParts } from '../../watch/watch.ts'
import type { DiagnosisProcess } from '../diagnosis/diagnosis-process.ts'
import type { Io } from '../io.ts'
import { causesSeen } from '../repair/causes-seen.ts'
import type { OpenedRepair } from '../repair/open-repair.ts'
import type { Settings } from '../settings/settings.ts'
import { pauseLimitsOf } from './care-settings.ts'
import type { ComposedProbe } from './compose-probe.ts'
import type { MonitorSettings } from './monitor-request.ts'
import { openCare, weighed } from './open-care.ts'
import { timingOf } from './timing-of.ts'

/** What a watch is attended to with, whether it is alone in its process or one of many. */
export type AttendanceParts = {
  id: string
  settings: MonitorSettings
  composed: ComposedProbe
  layout: Layout
  io: Io
  /** what may be done for the server before it is given up */
  repair: Settings['repair']
  /** what repairs have begun on a disk that has not come back */
  outstanding?: Outstanding
  /** what finds out why the server fails; asked for where it is wanted */
  diagnosis: () => Promise<DiagnosisProcess | undefined>
  announce: Announce
  log: Log
  /** writes the record anew */
  refresh: () => void
  /** asks for a place among the checks of other watches */
  enter?: (haste: Haste) => Place
}

/** All that there is beside the checks of one watch. */
export type Attendance = {
  /** what the watch is put together from; who keeps its record adds how */
  parts: Omit<WatchParts, 'saveRecord'>
  seat: DrillSeat
  repair: OpenedRepair | undefined
}

/** Opens drills, warnings, repairs and the diagnosis of one watch, as far as they are wanted. */
export async function attend(given: AttendanceParts): Promise<Attendance> {
  const { id, settings, composed, layout, io, outstanding, announce, log, refresh, enter } = given
  const { probe, measureSpace, target, address } = composed
  const { command, care } = settings
  const clock = systemClock
  const onlookers: Onlooker[] = []
  const checking = timingOf(settings.timing, care)
  const repair =
    given.repair &&
    // Loaded only where something is to be repaired.
    (await import('../repair/open-repair.ts')).openRepair({
      settings: given.repair,
      watch: id,
      command,
      target,
      address,
      deadlineMs: checking.deadlineMs,
      layout,
      io,
      log,
      refresh,
      probableCauses: () => causesSeen(onlookers),
      ...(outstanding !== undefined && { outstanding }),
    })
  const timing = { ...checking, ...(repair && { repairMs: repair.repairMs }) }
  const seat = new DrillSeat(await weighed(probe, settings, clock), clock, announce, log)
  const places = { measureSpace, refresh, ...(enter && { enter }) }
  const said = { clock, announce: seat.announce, log: seat.log }
  onlookers.push(seat.onlooker, ...(await openCare({ settings: care, timing, ...said, ...places })))
  if (repair) onlookers.push(repair.onlooker)
  // Which step is tried hangs on what is probably wrong.
  const diagnosis = settings.diagnose || repair !== undefined ? await given.diagnosis() : undefined
  if (diagnosis !== undefined) {
    const { openDiagnosing } = await import('../diagnosis/open-diagnosing.ts')
    onlookers.push(openDiagnosing(composed, diagnosis, { log, refresh }))
  }
  const parts: Attendance['parts'] = {
    timing,
    probe: seat.probe,
    ...said,
    onlookers,
    pauseLimits: pauseLimitsOf(care),
    onIdentity: care.onIdentity,
    tallySize: { edgesS: bucketEdgesS, mostRecent },
    ...(enter && { enter }),
    ...(repair && {
      repairMsNow: repair.repairMsNow,
      // Nothing is done to a server whose failure is only pretended.
      mend: () => (seat.kind === undefined ? repair.mend() : undefined),
    }),
  }
  return { parts, seat, repair }
}
