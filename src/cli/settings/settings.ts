import { accessSync } from 'node:fs'
import { join } from 'node:path'
import type { ConfigProblem } from '../../config/config-error.ts'
import type { RepairSettings } from '../../config/repair-kinds.ts'
import type { SinkSettings } from '../../config/sink-kinds.ts'
import type { TomlPath } from '../../config/toml-lines.ts'
import type { CommandName } from '../monitor/option-table.ts'

/** A default of an option, and where it stands. */
export type DefaultValue = { value: string | number | boolean; key: string; line: number }

/** The defaults of a command's options, by their names. */
export type Defaults = Readonly<Record<string, DefaultValue>>

/** What the configuration comes to. */
export type Settings = {
  file: string
  /** whether there is a file at all */
  isThere: boolean
  /** everything that is wrong with it; what is wrong is as if it were not there */
  problems: readonly ConfigProblem[]
  shared: string | undefined
  defaults: Readonly<Record<CommandName, Defaults>>
  /** undefined: as without a file */
  sinks: SinkSettings | undefined
  /** undefined: nothing is repaired */
  repair: RepairSettings | undefined
  /** where something stands, for who finds out later that it is wrong */
  lineOf?: (path: TomlPath) => number
}

/** Where the configuration is. */
export function settingsFile(etc: string): string {
  return join(etc, 'clp-fsmon.toml')
}

/** Reads the configuration; never rejects because of what is in it. */
export async function readSettings(file: string): Promise<Settings> {
  if (!isThere(file)) return emptySettings(file)
  // Loaded only here: where there is no file, which is the rule, it costs nothing.
  const { readSettingsFile } = await import('./settings-kind.ts')
  return (await readSettingsFile(file)) ?? emptySettings(file)
}

function emptySettings(file: string): Settings {
  const defaults = { clp_sambamon: {}, clp_nfsmon: {} }
  const none = { shared: undefined, sinks: undefined, repair: undefined }
  return { file, isThere: false, problems: [], defaults, ...none }
}

/** Whatever else keeps a file from being read is found out by whoever reads it. */
function isThere(file: string): boolean {
  try {
    accessSync(file)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT')
  }
}

/**
 * What keeps a monitor from being started as it was meant to be: anything wrong with the defaults of
 * its options, or with the file as a whole. An alert that does not find its way is no such reason, nor
 * is a repair that will not be tried.
 */
export function problemsOfDefaults({ problems }: Settings): readonly ConfigProblem[] {
  return problems.filter(({ key }) => !/^(?:sink|license|repair)\b/.test(key))
}

/** What keeps licenses from being compared. */
export function problemsOfLicense({ problems }: Settings): readonly ConfigProblem[] {
  return problems.filter(({ key }) => !/^(?:sink|defaults|repair)\b/.test(key))
}
