import { readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { ConfigError, type ConfigProblem } from '../../config/config-error.ts'
import { readToml, type TomlReading } from '../../config/read-toml.ts'
import type { Io } from '../io.ts'
import { explainProblem } from '../monitor/explain-problem.ts'
import { settingsOf, type MonitorSettings } from '../monitor/monitor-request.ts'
import type { CommandName } from '../monitor/option-table.ts'
import { settleLogin } from '../monitor/settle-login.ts'
import { withDefaults } from '../monitor/with-defaults.ts'
import { ParameterError } from '../parameter-error.ts'
import { keyOf } from '../settings/option-kinds.ts'
import type { Defaults } from '../settings/settings.ts'
import type { Texts } from '../texts.ts'
import {
  commandOfKind,
  fleetKind,
  includedKind,
  optionsOfWatch,
  type FleetFile,
  type IncludedFile,
  type WatchTable,
} from './fleet-kind.ts'
import type { FleetEntry, FleetList } from './fleet-list.ts'

/** What a list is read with: the defaults of the whole host, and the words for what is wrong. */
export type ListReader = {
  io: Pick<Io, 'env' | 'uid'>
  texts: Texts
  defaults: Readonly<Record<CommandName, Defaults>>
}

type Options = Readonly<Record<string, unknown>>
type Scalars = Record<string, string | number | boolean>

/** Reads a list of watches, and looks at all of it; throws a ConfigError with everything that is wrong. */
export async function readFleetList(given: string, reader: ListReader): Promise<FleetList> {
  const file = resolve(given)
  const reading = await readToml(file, fleetKind())
  if (reading === undefined) throw new ConfigError([unreadable(file, 0, '', 'ENOENT')])
  const problems: ConfigProblem[] = [...reading.problems]
  const { value } = reading
  if (value === undefined) throw new ConfigError(problems)
  const entries = understand(value, [value.defaults], reader, problems)
  for (const [index, pattern] of (value.include ?? []).entries()) {
    const line = reading.lineOf(['include', index])
    for (const included of filesOf(dirname(file), pattern)) {
      const part = await readToml(included, includedKind())
      if (part === undefined) {
        problems.push(unreadable(file, line, `include[${index + 1}]`, `${included}: ENOENT`))
        continue
      }
      entries.push(...includedEntries(part, value, reader, problems))
    }
  }
  refuseDoubles(entries, problems)
  if (entries.length === 0 && problems.length === 0) {
    problems.push({ file, line: 0, key: 'watch', trouble: 'missing', values: {} })
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return {
    file,
    exitOn: value['exit-on'] ?? 'any',
    limits: {
      inAll: value.limits?.['in-flight'] ?? 64,
      perAddress: value.limits?.['per-address'] ?? 8,
    },
    watches: entries.map(({ entry }) => entry),
  }
}

type Placed = { entry: FleetEntry; spot: WatchTable['spot'] }

function includedEntries(
  { value, problems: found }: TomlReading<IncludedFile>,
  main: FleetFile,
  reader: ListReader,
  problems: ConfigProblem[],
): Placed[] {
  problems.push(...found)
  return value === undefined
    ? []
    : understand(value, [main.defaults, value.defaults], reader, problems)
}

function understand(
  { watch }: Pick<IncludedFile, 'watch'>,
  defaults: readonly IncludedFile['defaults'][],
  reader: ListReader,
  problems: ConfigProblem[],
): Placed[] {
  return (watch ?? []).flatMap((table) => {
    const command = commandOfKind[table.kind]
    const general = reader.defaults[command]
    const all: Defaults = {
      ...general,
      ...defaultsOf(
        command,
        defaults.flatMap((one) => [one ?? {}, one?.[table.kind] ?? {}]),
      ),
    }
    try {
      const settings = settingsOf(command, withDefaults(byName(command, table.options), all).all)
      refuseLogin(settings, reader)
      const { id, group, spot } = table
      return id === undefined ? [] : [{ entry: { id, group: group ?? '', settings }, spot }]
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error
      const { file, line, key } = table.spot
      const values = { reason: explainProblem(error, reader.texts) }
      // What is missing has been said already, in the words of the list.
      if (error.problem !== 'missing-target') {
        problems.push({ file, line, key, trouble: 'parameter', values })
      }
      return []
    }
  })
}

/** A file of credentials that cannot be used is better found before anything starts. */
function refuseLogin(settings: MonitorSettings, { io }: ListReader): void {
  if (settings.command === 'clp_sambamon') settleLogin(settings, io.env, io.uid)
}

function byName(command: CommandName, options: Options): Scalars {
  const found: Scalars = {}
  for (const spec of optionsOfWatch(command)) {
    const value = options[keyOf(spec)]
    const isSet = typeof value === 'string' || typeof value === 'number' || value === true
    if (isSet) found[spec.name] = value
  }
  return found
}

function defaultsOf(command: CommandName, tables: readonly Options[]): Defaults {
  return Object.fromEntries(
    tables
      .flatMap((options) => Object.entries(byName(command, options)))
      .map(([name, value]) => [name, { value, key: name, line: 0 }]),
  )
}

function refuseDoubles(entries: readonly Placed[], problems: ConfigProblem[]): void {
  const seen = new Map<string, WatchTable['spot']>()
  for (const { entry, spot } of entries) {
    const first = seen.get(entry.id)
    if (first === undefined) {
      seen.set(entry.id, spot)
      continue
    }
    const { file, line, key } = spot.at('id')
    const value = `${entry.id} (${first.file}:${first.line})`
    problems.push({ file, line, key, trouble: 'doubled', values: { value } })
  }
}

function filesOf(directory: string, pattern: string): string[] {
  const path = resolve(directory, pattern)
  const name = basename(path)
  // The key that says so has been refused already.
  if (dirname(path).includes('*')) return []
  if (!name.includes('*')) return [path]
  const form = new RegExp(`^${name.split('*').map(literal).join('.*')}$`)
  try {
    return readdirSync(dirname(path))
      .filter((file) => form.test(file) && !file.startsWith('.'))
      .toSorted()
      .map((file) => join(dirname(path), file))
  } catch {
    // A folder that is not there holds no list.
    return []
  }
}

function literal(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
}

function unreadable(file: string, line: number, key: string, reason: string): ConfigProblem {
  return { file, line, key, trouble: 'unreadable', values: { reason } }
}
