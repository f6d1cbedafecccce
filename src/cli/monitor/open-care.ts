import type { Probe } from '../../probe/probe.ts'
import type { MeasureSpace } from '../../probe/space.ts'
import type { Clock } from '../../watch/clock.ts'
import { delayWarning } from '../../watch/delay-warning.ts'
import type { Haste, Place } from '../../watch/gate.ts'
import type { Onlooker } from '../../watch/onlooker.ts'
import type { Timing } from '../../watch/timing.ts'
import type { Announce, Log } from '../../watch/voice.ts'
import { WarningBoard } from '../../watch/warning-board.ts'
import type { ProcFiles } from '../../watch/work-done.ts'
import type { CareSettings } from './care-settings.ts'
import type { MonitorSettings } from './monitor-request.ts'

/** What those who warn of one watch are put together from. */
export type CareParts = {
  settings: CareSettings
  timing: Timing
  clock: Clock
  announce: Announce
  log: Log
  /** asks the server how much space is left */
  measureSpace: () => Promise<MeasureSpace>
  /** asks for a place among the checks of other watches */
  enter?: (haste: Haste) => Place
  /** writes the record anew */
  refresh: () => void
}

/** Those who look on at a watch and warn, as far as the settings want them. */
export async function openCare(parts: CareParts): Promise<Onlooker[]> {
  const { settings, timing, clock, announce, log, refresh } = parts
  const { warnAtPercent, onIdentity, trend, progressWeight } = settings
  const board = new WarningBoard(clock, refresh)
  const warning: Onlooker[] = []
  if (warnAtPercent > 0) {
    const { deadlineMs } = timing
    warning.push(delayWarning({ deadlineMs, percent: warnAtPercent, announce, board }))
  }
  if (onIdentity === 'warn') {
    const { identityWarning } = await import('../../watch/identity-warning.ts')
    warning.push(identityWarning({ clock, announce, log, board }))
  }
  if (progressWeight < 1) {
    const { progressWarning } = await import('../../watch/progress-warning.ts')
    warning.push(progressWarning(announce, board))
  }
  const foresees =
    trend.response ||
    [trend.space, trend.memory, trend.pressurePercent].some((one) => one !== undefined)
  if (foresees) warning.push(await openTrend(parts, board))
  return warning.length === 0 ? [] : [...warning, board.onlooker]
}

/** A measurement may take no longer than this: it is not worth more, and must be over before the next. */
const mostMeasureMs = 10_000

async function openTrend(parts: CareParts, board: WarningBoard): Promise<Onlooker> {
  const { settings, timing, clock, announce, log, measureSpace, enter } = parts
  const { samples, aheadS, response, space, memory, pressurePercent } = settings.trend
  const [{ TrendWatch }, { readFile }] = await Promise.all([
    import('../../watch/trend-watch.ts'),
    import('node:fs/promises'),
  ])
  return new TrendWatch({
    samples,
    aheadMs: aheadS * 1000,
    clock,
    announce,
    log,
    board,
    ...(response && { responseLimitMs: timing.deadlineMs }),
    ...(space !== undefined && {
      space: {
        limit: space,
        measure: await measureSpace(),
        deadlineMs: Math.min(timing.deadlineMs, mostMeasureMs),
        ...(enter !== undefined && { enter: () => enter('planned') }),
      },
    }),
    ...(memory !== undefined && { memoryLimit: memory }),
    ...(pressurePercent !== undefined && { pressureLimitPercent: pressurePercent }),
    readProc: async (path) => readFile(path, 'utf8'),
  })
}

/** The probe, with its time-outs weighed where the settings want it and the server may be on this host. */
export async function weighed(
  probe: Probe,
  { command, care }: Pick<MonitorSettings, 'command' | 'care'>,
  clock: Clock,
): Promise<Probe> {
  if (care.progressWeight >= 1) return probe
  const [{ weighProgress }, { nfsWork, sambaWork }, { isOwnAddress }, { readFile, readdir }] =
    await Promise.all([
      import('../../watch/weigh-progress.ts'),
      import('../../watch/work-done.ts'),
      import('../../wire/is-own-address.ts'),
      import('node:fs/promises'),
    ])
  const files: ProcFiles = {
    read: async (path) => readFile(path, 'utf8').catch(() => undefined),
    list: async (path) => readdir(path).catch(() => []),
  }
  return weighProgress(probe, {
    clock,
    readWork: command === 'clp_sambamon' ? sambaWork(files) : nfsWork(files),
    isOwn: (address) => isOwnAddress(address),
    weight: care.progressWeight,
  })
}
