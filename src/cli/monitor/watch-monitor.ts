import { Registry } from '../../registry/registry.ts'
import type { Layout } from '../../registry/layout.ts'
import type { Registration } from '../../registry/registration.ts'
import type { ControlAnswer } from '../../registry/control-message.ts'
import { systemClock } from '../../watch/clock.ts'
import type { Timing } from '../../watch/timing.ts'
import { Watch } from '../../watch/watch.ts'
import type { Io } from '../io.ts'
import { fill, type Texts } from '../texts.ts'
import { composeProbe } from './compose-probe.ts'
import { keepOutOfDumps } from './keep-out-of-dumps.ts'
import type { MonitorSettings, TimingSettings } from './monitor-request.ts'
import { openDispatcher } from './open-dispatcher.ts'
import { listenToProcess } from './process-events.ts'

/** What a monitor is started with. */
export type WatchJob = {
  id: string
  settings: MonitorSettings
  layout: Layout
  texts: Texts
  io: Io
}

/** How long the last alerts may take to reach all their places. */
const drainMs = 2000

/** Watches until the server is abnormal or the monitor is stopped; resolves with the exit status. */
export async function watchMonitor({ id, settings, layout, texts, io }: WatchJob): Promise<number> {
  keepOutOfDumps()
  const { command } = settings
  const { probe, target, address, options } = await composeProbe(settings, io)
  const server = io.hostName()
  const dispatcher = openDispatcher({ command, target, server, logDirectory: layout.log, io })
  const timing = timingOf(settings.timing)
  let registration: Registration | undefined
  const watch = new Watch({
    timing,
    probe,
    clock: systemClock,
    announce: (announcement) => {
      dispatcher.announce(announcement)
      // What the RPC layer said is followed by the judgement on NFS, as in the manual.
      if (announcement.id === 0) dispatcher.announce({ id: 66, ...announcement.detail && { detail: announcement.detail } })
    },
    log: (level, text, detail) => {
      dispatcher.log(level, text, detail)
    },
    saveRecord: async (status) => registration?.update(status),
  })
  const registered = await new Registry(layout.run).register(
    { id, command, target: `${target} @ ${address}`, options, status: watch.snapshot() },
    (text) => {
      dispatcher.log('warn', text)
    },
  )
  if (registered.kind === 'in-use') {
    dispatcher.announce({ id: 14 })
    await dispatcher.drain(drainMs)
    return 3
  }
  ;({ registration } = registered)
  if (registered.tookOver !== undefined) {
    dispatcher.log('warn', `took over the ID ${id}: ${registered.tookOver}`)
  }
  listenToProcess({
    onStop: (why) => void watch.stop(why),
    onBug: (error) => {
      watch.reportBug(error)
    },
  })
  await registration.listen(async (action): Promise<ControlAnswer> => {
    switch (action) {
      case 'stop':
        return watch.stop('-stop')
      case 'pause':
        return watch.pause()
      case 'continue':
        return watch.continue()
      case 'status':
        return { ok: true, state: watch.snapshot().state, text: '' }
    }
  })
  io.err(`${command}: ${startSentence(id, settings, { target, address, worstCaseMs: watch.snapshot().worstCaseMs }, texts)}\n`)
  const { how, exitStatus } = await watch.run()
  await settled(registration.end({ at: new Date().toISOString(), how, exitStatus }))
  await dispatcher.drain(drainMs)
  return exitStatus
}

/** Waits for something that may fail: the end of a monitor is not the time to complain. */
async function settled(work: Promise<void>): Promise<void> {
  try {
    await work
  } catch {
    // The record says "running"; its process is gone, so the next start takes it over.
  }
}

function timingOf(settings: TimingSettings): Timing {
  return {
    intervalMs: settings.intervalS * 1000,
    retryIntervalMs: settings.retryIntervalS * 1000,
    deadlineMs: settings.waitS * 1000,
    retries: settings.retries,
  }
}

type Settled = { target: string; address: string; worstCaseMs: number }

function startSentence(id: string, settings: MonitorSettings, settled_: Settled, texts: Texts): string {
  const { intervalS, retries, waitS } = settings.timing
  return fill(texts.watch.start, {
    id,
    target: settled_.target,
    address: settled_.address,
    interval: intervalS,
    retries,
    wait: waitS,
    depth: settings.depth,
    worst: Math.ceil(settled_.worstCaseMs / 1000),
  })
}
