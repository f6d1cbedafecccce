import { Registry } from '../../registry/registry.ts'
import type { Ended } from '../../registry/record.ts'
import type { Layout } from '../../registry/layout.ts'
import { bucketEdgesS, mostRecent } from '../../registry/tally.ts'
import type { Registration } from '../../registry/registration.ts'
import type { ControlAnswer } from '../../registry/control-message.ts'
import { systemClock } from '../../watch/clock.ts'
import { DrillSeat } from '../../watch/drill-seat.ts'
import { Watch } from '../../watch/watch.ts'
import type { Io } from '../io.ts'
import type { Exit } from '../leave.ts'
import { guardLicense } from '../license/guard-license.ts'
import { licensePlaces } from '../license/license-places.ts'
import { readSettings, settingsFile, type Settings } from '../settings/settings.ts'
import { fill, type Texts } from '../texts.ts'
import { composeProbe } from './compose-probe.ts'
import { localTime } from './disp-text.ts'
import { keepOutOfDumps } from './keep-out-of-dumps.ts'
import type { MonitorSettings } from './monitor-request.ts'
import { drainMs } from './open-dispatcher.ts'
import { speak } from './speak.ts'
import type { ServiceNotifier } from './service-notifier.ts'
import { listenToProcess, type ProcessHandlers } from './process-events.ts'
import { timingOf } from './timing-of.ts'

/** What a monitor is started with. */
export type WatchJob = {
  id: string
  settings: MonitorSettings
  layout: Layout
  texts: Texts
  io: Io
  /** what the configuration says; read here where it has not been before */
  configuration?: Settings
  /** hears what comes from outside to the process */
  listen?: (handlers: ProcessHandlers) => void
}

/** why a drill is over */
const theMonitorStops = 'the monitor stops'

/** Watches until the server is abnormal or the monitor is stopped; resolves with how to end. */
export async function watchMonitor({
  id,
  settings,
  layout,
  texts,
  io,
  configuration,
  listen = listenToProcess,
}: WatchJob): Promise<Exit> {
  keepOutOfDumps()
  const { command } = settings
  const { probe, target, address, options } = await composeProbe(settings, io)
  let followed = configuration ?? (await readSettings(settingsFile(layout.etc)))
  const speech = await speak({ command, target, monitor: id, layout, settings: followed, io })
  const { dispatcher } = speech
  const license = await guardLicense({
    places: licensePlaces(io.env.CLP_FSMON_ROOT),
    hostName: io.hostName,
    announce: (announcement) => {
      dispatcher.announce(announcement)
    },
    log: (text) => {
      dispatcher.log('warn', text)
    },
  })
  if (!license.mayStart) return { status: 4, stuck: !(await dispatcher.end(drainMs)) }
  const timing = timingOf(settings.timing)
  // oxlint-disable-next-line prefer-const -- the watch needs it before it is there
  let registration: Registration | undefined
  let notifier: ServiceNotifier | undefined
  if (io.env.NOTIFY_SOCKET !== undefined) {
    const { openNotifier } = await import('./open-notifier.ts')
    notifier = openNotifier(io, (text) => {
      dispatcher.log('warn', `service manager: ${text}`)
    })
  }
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
  const watch = new Watch({
    timing,
    probe: seat.probe,
    clock: systemClock,
    announce: seat.announce,
    log: seat.log,
    onlookers: [seat.onlooker],
    saveRecord: async (status) => {
      notifier?.tell(status)
      await registration?.update(status)
    },
    tallySize: { edgesS: bucketEdgesS, mostRecent },
  })
  listen({
    onStop: (why) => {
      seat.end(theMonitorStops)
      void watch.stop(why)
    },
    onBug: (error) => {
      seat.end('a bug')
      watch.reportBug(error)
    },
  })
  const registered = await new Registry(layout.run).register(
    { id, command, target: `${target} @ ${address}`, options, status: watch.snapshot() },
    (text) => {
      dispatcher.log('warn', text)
    },
  )
  if (registered.kind === 'in-use') {
    const { entry } = registered
    if ('record' in entry) {
      const { command: owner, process: holder, startedAt } = entry.record
      const values = { id, owner, pid: holder.pid, since: localTime(startedAt) }
      io.err(`${command}: ${fill(texts.control.inUse, values)}\n`)
    }
    dispatcher.announce({ id: 14 })
    return { status: 3, stuck: !(await dispatcher.end(drainMs)) }
  }
  const held = registered.registration
  registration = held
  if (registered.tookOver !== undefined) {
    dispatcher.log('warn', `took over the ID ${id}: ${registered.tookOver}`)
  }
  await held.listen(async (action, seconds): Promise<ControlAnswer> => {
    switch (action) {
      case 'stop':
        seat.end(theMonitorStops)
        return watch.stop('-stop')
      case 'pause':
        return watch.pause()
      case 'continue':
        return watch.continue()
      case 'status':
        return { ok: true, state: watch.snapshot().state, text: '' }
      case 'reload': {
        // Loaded only here: most monitors never hear of it.
        const { reloadSettings } = await import('./reload-settings.ts')
        const state = watch.snapshot().state
        const { answer, settings: read } = await reloadSettings(followed, command, state)
        if (answer.ok) await speech.follow(read)
        if (answer.ok) followed = { ...read, defaults: followed.defaults }
        return answer
      }
      case 'drill-fault':
      case 'drill-timeout':
      case 'drill-slow':
      case 'drill-end': {
        const { controlDrill } = await import('./control-drill.ts')
        const drilled = { command, seat, watch, timing, clock: systemClock }
        return controlDrill(action, seconds, drilled)
      }
    }
  })
  io.err(
    `${command}: ${startSentence(id, settings, { target, address, worstCaseMs: watch.snapshot().worstCaseMs }, texts)}\n`,
  )
  const { how, exitStatus } = await watch.run()
  license.close()
  notifier?.close()
  const drill = seat.close()
  const recorded = recordEnd(held, {
    at: new Date().toISOString(),
    how,
    exitStatus,
    ...(drill && { drill }),
  })
  const delivered = await dispatcher.end(drainMs)
  return { status: exitStatus, stuck: !delivered || !(await recorded) }
}

/** Writes how the monitor ended; false when the disk does not come back from it. */
async function recordEnd(registration: Registration, ended: Ended): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, drainMs, false)
  })
  try {
    return await Promise.race([registration.end(ended).then(() => true), tooLong])
  } catch {
    // The record says that we run. Our process is gone soon, so the next start takes it over.
    return true
  } finally {
    clearTimeout(timer)
  }
}

type Settled = { target: string; address: string; worstCaseMs: number }

function startSentence(
  id: string,
  settings: MonitorSettings,
  settled: Settled,
  texts: Texts,
): string {
  const { intervalS, retries, waitS } = settings.timing
  return fill(texts.watch.start, {
    id,
    target: settled.target,
    address: settled.address,
    interval: intervalS,
    retries,
    wait: waitS,
    depth: settings.depth,
    worst: Math.ceil(settled.worstCaseMs / 1000),
  })
}
