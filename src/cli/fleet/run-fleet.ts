import type { Exit } from '../leave.ts'
import { guardLicense } from '../license/guard-license.ts'
import { licensePlaces } from '../license/license-places.ts'
import { keepOutOfDumps } from '../monitor/keep-out-of-dumps.ts'
import { drainMs, drainMsOf } from '../monitor/open-dispatcher.ts'
import { listenToProcess } from '../monitor/process-events.ts'
import { speak } from '../monitor/speak.ts'
import { fill } from '../texts.ts'
import type { FleetJob } from './fleet-job.ts'
import { FleetProcess } from './fleet-process.ts'

/** So many entries a watch may wait for a sink, beside those that any process may have. */
const entriesPerWatch = 10

/** Watches all servers of a list until one of them, or all, make it end; resolves with how to. */
export async function runFleet(job: FleetJob): Promise<Exit> {
  keepOutOfDumps()
  const { list, layout, io, texts, listen = listenToProcess } = job
  const speech = await speak({
    command: list.watches[0]?.settings.command ?? 'clp_sambamon',
    target: '',
    monitor: job.id,
    mostWaiting: 500 + entriesPerWatch * list.watches.length,
    layout,
    settings: job.settings,
    io,
  })
  const hub = speech.dispatcher
  const license = await guardLicense({
    places: licensePlaces(io.env.CLP_FSMON_ROOT),
    hostName: io.hostName,
    announce: (announcement) => {
      hub.announce(announcement)
    },
    log: (text) => {
      hub.log('warn', text)
    },
  })
  if (!license.mayStart) return { status: 4, stuck: !(await hub.end(drainMs)) }
  const process = new FleetProcess(job, speech)
  listen({
    onStop: (why) => {
      process.stop(why)
    },
    onBug: (error) => {
      process.reportBug(error)
    },
    onReload: () => void process.reload(),
  })
  const closeNotifier = await process.notify()
  const begun = await process.begin()
  if (begun !== undefined) {
    io.err(`clp_fsmon: ${begun}\n`)
    return { status: 3, stuck: !(await hub.end(drainMsOf(list.watches.length))) }
  }
  const { file, exitOn, watches } = list
  io.err(`clp_fsmon: ${fill(texts.start, { count: watches.length, file, exitOn })}\n`)
  const { status, recorded } = await process.ended
  license.close()
  closeNotifier()
  const [delivered, closed] = await Promise.all([
    hub.end(drainMsOf(process.size)),
    process.closeDiagnosis(drainMs),
  ])
  return { status, stuck: !delivered || !closed || !(await recorded) }
}
