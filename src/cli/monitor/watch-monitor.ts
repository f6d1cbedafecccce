import { Registry } from '../../registry/registry.ts'
import type { Ended } from '../../registry/record.ts'
import type { Layout } from '../../registry/layout.ts'
import { bucketEdgesS, mostRecent } from '../../registry/tally.ts'
import type { Registration } from '../../registry/registration.ts'
import type { ControlAnswer } from '../../registry/control-message.ts'
import { systemClock } from '../../watch/clock.ts'
import { DrillSeat } from '../../watch/drill-seat.ts'
import type { Onlooker } from '../../watch/onlooker.ts'
import type { Announce, Log } from '../../watch/voice.ts'
import { Watch } from '../../watch/watch.ts'
import type { Io } from '../io.ts'
import type { Exit } from '../leave.ts'
import { guardLicense } from '../license/guard-license.ts'
import { licensePlaces } from '../license/license-places.ts'
import { causesSeen } from '../repair/causes-seen.ts'
import { readSettings, settingsFile, type Settings } from '../settings/settings.ts'
import { fill, type Texts } from '../texts.ts'
import type { OpenedDiagnosis } from '../diagnosis/open-diagnosing.ts'
import { composeProbe } from './compose-probe.ts'
import { localTime } from './disp-text.ts'
import { keepOutOfDumps } from './keep-out-of-dumps.ts'
import type { MonitorSettings } from './monitor-request.ts'
import { pauseLimitsOf } from './care-settings.ts'
import { openCare, weighed } from './open-care.ts'
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
  const composed = await composeProbe(settings, io)
  const { probe, measureSpace, target, address, options } = composed
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
  const all: Onlooker[] = []
  const checking = timingOf(settings.timing, settings.care)
  const repair =
    followed.repair &&
    // Loaded only where something is to be repaired.
    (await import('../repair/open-repair.ts')).openRepair({
      settings: followed.repair,
      watch: id,
      command,
      target,
      address,
      deadlineMs: checking.deadlineMs,
      layout,
      io,
      log: (level, text) => {
        dispatcher.log(level, text)
      },
      refresh: () => {
        watch.refreshRecord()
      },
      probableCauses: () => causesSeen(all),
    })
  const timing = { ...checking, ...(repair && { repairMs: repair.repairMs }) }
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
  const asked = await weighed(probe, settings, systemClock)
  const seat = new DrillSeat(asked, systemClock, announce, log)
  const onlookers = await openCare({
    settings: settings.care,
    timing,
    clock: systemClock,
    announce: seat.announce,
    log: seat.log,
    measureSpace,
    refresh: () => {
      watch.refreshRecord()
    },
  })
  // Which step is tried hangs on what is probably wrong.
  const isDiagnosed = settings.diagnose || repair !== undefined
  const diagnosis = isDiagnosed ? await openDiagnosis() : undefined
  all.push(
    seat.onlooker,
    ...onlookers,
    ...(repair ? [repair.onlooker] : []),
    ...(diagnosis?.onlookers ?? []),
  )
  const watch: Watch = new Watch({
    timing,
    probe: seat.probe,
    clock: systemClock,
    announce: seat.announce,
    pauseLimits: pauseLimitsOf(settings.care),
    onIdentity: settings.care.onIdentity,
    log: seat.log,
    saveRecord: async (status) => {
      notifier?.tell(status)
      await registration?.update(status)
    },
    tallySize: { edgesS: bucketEdgesS, mostRecent },
    ...(repair && {
      repairMsNow: repair.repairMsNow,
      // Nothing is done to a server whose failure is only pretended.
      mend: () => (seat.kind === undefined ? repair.mend() : undefined),
    }),
    onlookers: all,
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
    diagnosis?.process?.close(drainMs) ?? true,
  ])
  return { status: exitStatus, stuck: !delivered || !closed || !(await recorded) }

  async function openDiagnosis(): Promise<OpenedDiagnosis> {
    // Loaded only where it is wanted.
    const { openDiagnosisFor } = await import('../diagnosis/open-diagnosing.ts')
    return openDiagnosisFor(composed, {
      log: (level, text) => {
        dispatcher.log(level, text)
      },
      refresh: () => {
        watch.refreshRecord()
      },
    })
  }
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
