import { readFileSync } from 'node:fs'
import { ConfigError, type ConfigProblem } from './config-error.ts'
import type { Kind } from './kinds.ts'
import { Spot } from './spot.ts'
import { tomlLines, type TomlPath } from './toml-lines.ts'

/** What a file says, where each of it stands, and what is wrong with it. */
export type TomlReading<T> = {
  /** what of it can be understood; see `settled` */
  value: T | undefined
  problems: readonly ConfigProblem[]
  lineOf: (path: TomlPath) => number
}

/** No configuration is longer; what is, is none. */
const mostBytes = 1024 * 1024

/** Reads a file of the configuration; undefined where there is none. */
export async function readToml<T>(
  file: string,
  kind: Kind<T>,
): Promise<TomlReading<T> | undefined> {
  let text: string
  try {
    const bytes = readFileSync(file)
    if (bytes.length > mostBytes) return nothing({ file, reason: `> ${mostBytes} bytes` })
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    if (code === 'ENOENT') return undefined
    return nothing({ file, reason: code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'UTF-8' : code })
  }
  return understandToml(file, text, kind)
}

/** The same of a text that is there already. */
export async function understandToml<T>(
  file: string,
  text: string,
  kind: Kind<T>,
): Promise<TomlReading<T>> {
  // Loaded only where there is something to parse.
  const { parse, TomlError } = await import('smol-toml')
  let parsed: unknown
  try {
    parsed = parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    // The lines after the first one show the text itself, and in it what may be a secret.
    const reason = error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? ''
    const problem = {
      file,
      line: error.line,
      key: '',
      trouble: 'syntax',
      values: { reason },
    } as const
    return { value: undefined, problems: [problem], lineOf: () => 0 }
  }
  const lineOf = tomlLines(text)
  const problems: ConfigProblem[] = []
  const value = kind.read(parsed, new Spot(file, [], lineOf, problems))
  const sorted = problems.toSorted((one, other) => one.line - other.line)
  return { value, problems: sorted, lineOf }
}

/** What a file says when all is well with it; else a ConfigError that has everything that is wrong. */
export function settled<T>({ value, problems }: TomlReading<T>): T {
  if (value === undefined || problems.length > 0) throw new ConfigError(problems)
  return value
}

function nothing({ file, reason }: { file: string; reason: string }): TomlReading<never> {
  // The one trouble that is not of the file, but of who reads it.
  const trouble = reason === 'EACCES' || reason === 'EPERM' ? 'not-permitted' : 'unreadable'
  const problem = { file, line: 0, key: '', trouble, values: { reason, file } } as const
  return { value: undefined, problems: [problem], lineOf: () => 0 }
}
