import { isDeepStrictEqual } from 'node:util'
import type { ControlAnswer } from '../../registry/control-message.ts'
import { loadConfigTexts } from '../settings/config-texts.ts'
import { explainConfig } from '../settings/explain-config.ts'
import { keyOf, optionsWithDefaults } from '../settings/option-kinds.ts'
import { readSettings, type Defaults, type Settings } from '../settings/settings.ts'
import type { CommandName } from './option-table.ts'

/** What a monitor answers after it has read its configuration again, and what it has read. */
export type Reloaded = { answer: ControlAnswer; settings: Settings }

/** As much as an answer has room for. */
const longestText = 3000

/** Of so many problems an answer tells; whoever asks for it can look for the others. */
const mostTold = 3

/**
 * Reads the configuration again. Anything wrong in it, and it is refused as a whole; else the answer's
 * text names the options whose defaults count only from the next start, of those that count at all.
 */
export async function reloadSettings(
  before: Settings,
  command: CommandName,
  state: string,
  counts: (name: string) => boolean = () => true,
): Promise<Reloaded> {
  const settings = await readSettings(before.file)
  if (settings.problems.length > 0) {
    const texts = await loadConfigTexts('en')
    const told = settings.problems.slice(0, mostTold)
    const text = told.map((problem) => explainConfig(problem, texts)).join('; ')
    return { answer: { ok: false, state, text: text.slice(0, longestText) }, settings }
  }
  const changed = [
    ...changes(command, before.defaults[command], settings.defaults[command], counts),
    // What may be done is part of the longest time that was promised at the start.
    ...(isDeepStrictEqual(before.repair, settings.repair) || !counts('repair') ? [] : ['repair']),
  ]
  return { answer: { ok: true, state, text: changed.join(', ') }, settings }
}

function changes(
  command: CommandName,
  before: Defaults,
  now: Defaults,
  counts: (name: string) => boolean,
): string[] {
  return optionsWithDefaults(command)
    .filter(({ name }) => counts(name) && before[name]?.value !== now[name]?.value)
    .map(keyOf)
}
