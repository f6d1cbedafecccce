import { lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isIdentifier } from '../../registry/identifier.ts'
import type { Io } from '../io.ts'
import { explainProblem } from '../monitor/explain-problem.ts'
import { optionValue } from '../option-value.ts'
import { ParameterError } from '../parameter-error.ts'
import { fill, type Texts } from '../texts.ts'
import {
  fillInSettings,
  isTemplateKind,
  templateFiles,
  templateSettings,
  type TemplateOption,
} from './template-settings.ts'
import type { TemplateTexts } from './template-texts.ts'

/** What `clp_fsmon template` is to write. */
export type TemplateJob = {
  kind: string | undefined
  /** values by the names of their options */
  values: Readonly<Record<string, string | undefined>>
  to: string | undefined
  /** where templates may lie; the first that is there counts */
  sources: readonly string[]
  texts: Texts
  words: TemplateTexts
  io: Pick<Io, 'out' | 'err'>
}

/** Writes the filled-in files of a template, all or none; resolves with the exit status. */
export function writeTemplate(job: TemplateJob): number {
  try {
    return write(job)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    job.io.err(`clp_fsmon: ${error.message}\n`)
    return error.status
  }
}

class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: 2 | 5

  constructor(status: 2 | 5, text: string) {
    super(text)
    this.status = status
  }
}

function write({ kind, values, to, sources, texts, words, io }: TemplateJob): number {
  const known = Object.keys(templateSettings).join(', ')
  if (kind === undefined) throw new Refusal(2, fill(words.noKind, { known }))
  if (!isTemplateKind(kind)) throw new Refusal(2, fill(words.unknownKind, { kind, known }))
  const settings = settingsOf(kind, values, texts, words)
  if (to === undefined || to === '') throw new Refusal(2, words.noTo)
  const filled = templateFiles(kind, values.id).map(({ source, name, mode }) => ({
    file: join(to, name),
    name,
    mode,
    text: fillInSettings(template(sources, source, words), settings),
  }))
  for (const { file } of filled) {
    if (isThere(file)) throw new Refusal(2, fill(words.exists, { file }))
  }
  const written: string[] = []
  for (const { file, text, mode } of filled) {
    try {
      makeDirectory(to)
      writeFileSync(file, text, { flag: 'wx', mode })
      written.push(file)
    } catch (error) {
      for (const each of written) rmSync(each)
      const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      if (reason === 'EEXIST') throw new Refusal(2, fill(words.exists, { file }))
      throw new Refusal(5, fill(words.notWritten, { file, reason }))
    }
  }
  const files = filled.map(({ name }) => name).join(', ')
  io.out(`${fill(words.written, { directory: to, files })}\n`)
  return 0
}

function settingsOf(
  kind: keyof typeof templateSettings,
  values: TemplateJob['values'],
  texts: Texts,
  words: TemplateTexts,
): Record<string, string> {
  const options: readonly TemplateOption[] = templateSettings[kind]
  const known = options.map(({ flag }) => flag).join(', ')
  const everywhere: readonly TemplateOption[] = Object.values(templateSettings).flat()
  for (const { name, flag } of everywhere) {
    if (values[name] !== undefined && !options.some((option) => option.name === name)) {
      throw new Refusal(2, fill(words.notHere, { option: flag, kind, known }))
    }
  }
  const settings: Record<string, string> = {}
  for (const { name, flag, setting, rule, required } of options) {
    const value = values[name]
    if (value === undefined) {
      if (required === true) throw new Refusal(2, fill(words.missing, { kind, option: flag }))
      continue
    }
    if (rule.rule === 'identifier') {
      if (!isIdentifier(value)) throw new Refusal(2, fill(words.badId, { value }))
      settings[setting] = value
    } else {
      settings[setting] = checked(flag, value, rule, texts)
    }
  }
  return settings
}

function checked(
  flag: string,
  value: string,
  rule: Parameters<typeof optionValue>[2],
  texts: Texts,
): string {
  try {
    return String(optionValue(flag, value, rule))
  } catch (error) {
    if (error instanceof ParameterError) throw new Refusal(2, explainProblem(error, texts))
    throw error
  }
}

function template(sources: readonly string[], name: string, words: TemplateTexts): string {
  for (const source of sources) {
    try {
      return readFileSync(join(source, name), 'utf8')
    } catch {
      // Not here; perhaps in the next one.
    }
  }
  throw new Refusal(5, words.noTemplates)
}

/** Step by step: Node's own way never ends where a directory is made that cannot be, as below /proc. */
function makeDirectory(path: string): void {
  if (isThere(path)) return
  const parent = dirname(path)
  if (parent !== path) makeDirectory(parent)
  mkdirSync(path)
}

function isThere(file: string): boolean {
  try {
    lstatSync(file)
    return true
  } catch {
    return false
  }
}
