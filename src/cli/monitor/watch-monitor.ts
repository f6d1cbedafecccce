import { Registry } from '../../registry/registry.ts'
import type { Ended } from '../../registry/record.ts'
import type { Layout } from '../../registry/layout.ts'
import type { Registration } from '../../registry/registration.ts'
import type { ControlAnswer } from '../../registry/control-message.ts'
import { systemClock } from '../../watch/clock.ts'
import type { Announce, Log } from '../../watch/voice.ts'
import { Watch } from '../../watch/watch.ts'
import type { Io } from '../io.ts'
import type { Exit } from '../leave.ts'
import { guardLicense } from '../license/guard-license.ts'
import { licensePlaces } from '../license/license-places.ts'
import { readSettings, settingsFile, type Settings } from '../settings/settings.ts'
import { fill, type Texts } from '../texts.ts'
import type { DiagnosisProcess } from '../diagnosis/diagnosis-process.ts'
import { attend } from './attend.ts'
import { composeProbe } from './compose-probe.ts'
import { localTime } from './disp-text.ts'
import { keepOutOfDumps } from './keep-out-of-dumps.ts'
import type { MonitorSettings } from './monitor-request.ts'
import { drainMs } from './open-dispatcher.ts'
import { speak } from './speak.ts'
import type { ServiceNotifier } from './service-notifier.ts'
import { listenToProcess, type ProcessHandlers } from './process-events.ts'

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
  const composed = await composeProbe(settings, io)
  const { target, address, options } = composed
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
  // oxlint-disable-next-line prefer-const -- the watch needs it before it is there
  let registration: Registration | undefined
  let notifier: ServiceNotifier | undefined
  if (io.env.NOTIFY_SOCKET !== undefined) {
    const { openNotifier } = await import('./open-notifier.ts')
    notifier = openNotifier(io, (text) => {
      dispatcher.log('warn', `service manager: ${text}`)
    })
  }
  const announce: Announce = (announcement) => {
    dispatcher.announce(announcement)
  }
  const log: Log = (level, text, detail) => {
    dispatcher.log(level, text, detail)
  }
  let diagnosis: DiagnosisProcess | undefined
  const attended = await attend({
    id,
    settings,
    composed,
    layout,
    io,
    repair: followed.repair,
    diagnosis: async () => {
      // Loaded only where it is wanted.
      const { openDiagnosisProcess } = await import('../diagnosis/open-diagnosing.ts')
      diagnosis = await openDiagnosisProcess((text) => {
        dispatcher.log('warn', text)
      })
      return diagnosis
    },
    announce,
    log,
    refresh: () => {
      watch.refreshRecord()
    },
  })
  const { seat, repair } = attended
  const { timing } = attended.parts
  const watch: Watch = new Watch({
    ...attended.parts,
    saveRecord: async (status) => {
      notifier?.tell(status)
      await registration?.update(status)
    },
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
        return watch.pause(seconds === undefined ? undefined : seconds * 1000)
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
        if (answer.ok) followed = { ...read, defaults: followed.defaults, repair: followed.repair }
        return answer
      }
      case 'drill-fault':
      case 'drill-timeout':
      case 'drill-slow':
      case 'drill-end': {
        const { controlDrill } = await import('./control-drill.ts')
        const { warnAtPercent } = settings.care
        const drilled = { command, seat, watch, timing, clock: systemClock, warnAtPercent }
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
  const at = new Date().toISOString()
  const ended = { at, how, exitStatus, ...(drill && { drill }) }
  const recorded = recordEnd(held, ended, repair?.settled())
  const [delivered, closed] = await Promise.all([
    dispatcher.end(drainMs),
    diagnosis?.close(drainMs) ?? true,
  ])
  return { status: exitStatus, stuck: !delivered || !closed || !(await recorded) }
}

/** Writes how the monitor ended; false when the disk does not come back from it, or from a repair. */
async function recordEnd(
  registration: Registration,
  ended: Ended,
  settled: Promise<unknown> | undefined,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, drainMs, false)
  })
  try {
    return await Promise.race([
      Promise.all([registration.end(ended), settled]).then(() => true),
      tooLong,
    ])
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
