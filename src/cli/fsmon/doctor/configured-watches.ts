import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from '../../../doctor/finding.ts'
import { ConfigError, type ConfigProblem } from '../../../config/config-error.ts'
import type { Layout } from '../../../registry/layout.ts'
import { WatchReader, type SeenWatch } from '../../../view/watches.ts'
import { systemClock } from '../../../watch/clock.ts'
import { readFleetList } from '../../fleet/read-fleet-list.ts'
import { fleetFile } from '../../fleet/run-command.ts'
import type { Io } from '../../io.ts'
import { explainProblem } from '../../monitor/explain-problem.ts'
import type { MonitorSettings } from '../../monitor/monitor-request.ts'
import { ParameterError } from '../../parameter-error.ts'
import { explainConfig } from '../../settings/explain-config.ts'
import type { ConfigTexts } from '../../settings/config-texts.ts'
import { readSettings, settingsFile, type Settings } from '../../settings/settings.ts'
import type { Language, Texts } from '../../texts.ts'
import { unitSettings } from './unit-settings.ts'

/** A watch that is configured on this host, or runs. */
export type ConfiguredWatch = {
  id: string
  /** what would be started */
  settings?: MonitorSettings
  /** what runs, as it is seen now */
  running?: SeenWatch
  /** the login's file */
  credentialsFile?: string
}

/** Everything that is configured, and what is wrong with that. */
export type Configured = { watches: ConfiguredWatch[]; findings: Finding[] }

/** What configurations are read with. */
export type ConfigurationPlaces = {
  layout: Layout
  io: Io
  texts: Texts
  configTexts: ConfigTexts
  /** English unless told */
  language?: Language
}

/** Reads the configuration, the list of watches, and the settings of the units; and who runs. */
export async function configuredWatches(places: ConfigurationPlaces): Promise<Configured> {
  const { layout, io, texts, configTexts, language = 'en' } = places
  const findings: Finding[] = []
  const watches = new Map<string, ConfiguredWatch>()
  const settings = await readSettings(settingsFile(layout.etc))
  const { defaults } = settings
  const tell = (problem: ConfigProblem): Finding => ({
    // An alert that does not find its way keeps no monitor from watching, nor does a repair.
    grade: /^(?:sink|repair)\b/.test(problem.key) ? 'warning' : 'failure',
    what: 'wrong',
    values: { problem: explainConfig(problem, configTexts), file: problem.file },
  })
  const problems = [...settings.problems, ...(await neverBegun(settings, language))]
  findings.push(...problems.map(tell))
  if (settings.isThere && problems.length === 0) {
    findings.push({ grade: 'ok', what: 'valid', values: { file: settings.file } })
  }
  const list = fleetFile(layout.etc)
  if (existsSync(list)) {
    try {
      const { watches: listed } = await readFleetList(list, { io, texts, defaults })
      for (const { id, settings: one } of listed) watches.set(id, { id, settings: one })
      findings.push({
        grade: 'ok',
        what: 'validList',
        values: { file: list, count: listed.length },
      })
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      findings.push(...error.problems.map(tell))
    }
  }
  for (const name of environmentFiles(layout.etc)) {
    const file = join(layout.etc, name)
    const id = name.slice(0, -'.env'.length)
    try {
      const one = unitSettings(readFileSync(file, 'utf8'), defaults)
      if (one === undefined) continue
      watches.set(id, { id, settings: one })
      findings.push({ grade: 'ok', what: 'valid', values: { file } })
    } catch (error) {
      const problem = error instanceof ParameterError ? explainProblem(error, texts) : String(error)
      findings.push({ grade: 'failure', what: 'wrongUnit', values: { file, problem } })
    }
  }
  for (const running of await new WatchReader(layout.run).read()) {
    const isOver = ['ended', 'vanished', 'unreadable'].includes(running.state)
    // The record of a process with many watches says of them together what each of theirs says.
    if (isOver || running.command === 'clp_fsmon') continue
    watches.set(running.id, { ...watches.get(running.id), id: running.id, running })
  }
  for (const watch of watches.values()) {
    const file = await credentialsOf(watch)
    if (file !== undefined) watch.credentialsFile = file
  }
  if (findings.length === 0) findings.push({ grade: 'ok', what: 'none' })
  return { watches: [...watches.values()], findings }
}

/** Steps of repairs that can never begin on this host; what they are looked at with is loaded only for them. */
async function neverBegun(settings: Settings, language: Language): Promise<ConfigProblem[]> {
  if (settings.repair === undefined) return []
  const [{ stepProblems }, { loadRepairTexts }] = await Promise.all([
    import('../../repair/step-problems.ts'),
    import('../../repair/repair-texts.ts'),
  ])
  return stepProblems(settings, await loadRepairTexts(language), systemClock)
}

function environmentFiles(etc: string): string[] {
  try {
    return readdirSync(etc)
      .filter((name) => /^[0-9A-Za-z]+\.env$/.test(name))
      .toSorted()
  } catch {
    return []
  }
}

/** The file that a watch takes its login from: as configured, or as a running monitor was told. */
async function credentialsOf({ settings, running }: ConfiguredWatch): Promise<string | undefined> {
  if (settings?.command === 'clp_sambamon') return settings.credentialsFile
  if (running?.pid === undefined || running.command !== 'clp_sambamon') return undefined
  try {
    const words = (await readFile(`/proc/${running.pid}/cmdline`, 'utf8')).split('\0')
    const at = words.indexOf('--credentials')
    return at < 0 ? undefined : words[at + 1]
  } catch {
    return undefined
  }
}
