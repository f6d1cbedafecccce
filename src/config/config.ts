import { readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { ConfigError } from './config-error.ts'

/** What the configuration says; flags win over it. */
export type Config = {
  license: {
    /** a directory that all servers see, in which each says which licenses are its own */
    shared: string | undefined
  }
}

/** Every key there is, by its table. */
const knownKeys: Readonly<Record<keyof Config, readonly string[]>> = { license: ['shared'] }

/** Reads the configuration in a directory; without a file all is as it is by default. */
export async function readConfig(directory: string): Promise<Config> {
  const file = join(directory, 'clp-fsmon.toml')
  const text = textOf(file)
  if (text === undefined) return { license: { shared: undefined } }
  const tables = await parse(file, text)
  refuseUnknown(file, text, tables, Object.keys(knownKeys), '')
  const license = tableOf(file, text, tables, 'license')
  return { license: { shared: directoryIn(file, text, license, 'license', 'shared') } }
}

type Table = Readonly<Record<string, unknown>>

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new ConfigError('unreadable', { file }, error)
  }
}

async function parse(file: string, text: string): Promise<Table> {
  // Loaded only where there is something to parse.
  const { parse: parseToml, TomlError } = await import('smol-toml')
  try {
    return parseToml(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const allowed = error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? ''
    throw new ConfigError('syntax', { file, line: error.line, allowed }, error)
  }
}

function tableOf(file: string, text: string, tables: Table, name: keyof Config): Table {
  const table = tables[name] ?? {}
  if (!isTable(table)) {
    const line = lineOf(text, '', name)
    throw new ConfigError('unknown-key', { file, line, key: name, allowed: `[${name}]` })
  }
  refuseUnknown(file, text, table, knownKeys[name], name)
  return table
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refuseUnknown(
  file: string,
  text: string,
  table: Table,
  known: readonly string[],
  name: string,
): void {
  const key = Object.keys(table).find((each) => !known.includes(each))
  if (key === undefined) return
  const line = lineOf(text, name, key)
  const dotted = name === '' ? key : `${name}.${key}`
  throw new ConfigError('unknown-key', { file, line, key: dotted, allowed: known.join(', ') })
}

function directoryIn(
  file: string,
  text: string,
  table: Table,
  name: string,
  key: string,
): string | undefined {
  const value = table[key]
  if (value === undefined) return undefined
  if (typeof value === 'string' && isAbsolute(value) && !value.includes('\0')) return value
  const line = lineOf(text, name, key)
  throw new ConfigError('not-absolute', { file, line, key: `${name}.${key}` })
}

/** The line that names a key of a table, as people write it; 0 when they wrote it in another way. */
function lineOf(text: string, table: string, key: string): number {
  const lines = text.split('\n')
  let within = ''
  for (const [at, line] of lines.entries()) {
    within = headingOf(line) ?? within
    if (table === '' && headingOf(line) === key) return at + 1
    const named = /^\s*"?([A-Za-z0-9_.-]+)"?\s*=/.exec(line)?.[1]
    const dotted = within === '' ? named : `${within}.${named}`
    if (named !== undefined && dotted === (table === '' ? key : `${table}.${key}`)) return at + 1
  }
  return 0
}

function headingOf(line: string): string | undefined {
  return /^\s*\[+\s*"?([^\]"]*?)"?\s*\]/.exec(line)?.[1]
}
