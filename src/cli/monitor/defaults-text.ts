import { loadConfigTexts } from '../settings/config-texts.ts'
import type { Defaults } from '../settings/settings.ts'
import { fill, type Language } from '../texts.ts'

/** A line that says which values come from the configuration, and where they stand; empty without any. */
export async function defaultsText(
  file: string,
  defaults: Defaults,
  language: Language,
): Promise<string> {
  const entries = Object.values(defaults)
  if (entries.length === 0) return ''
  const texts = await loadConfigTexts(language)
  const list = entries
    .toSorted((one, other) => one.line - other.line)
    .map(({ key, value, line }) => `${key} = ${value} (${fill(texts.command.line, { line })})`)
  return `${fill(texts.fromFile, { file, list: list.join(', ') })}\n`
}
