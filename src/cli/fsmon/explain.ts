import { loadExplanations } from '../explain-alert.ts'
import type { Io } from '../io.ts'
import { fill, type Language, type Texts } from '../texts.ts'

/** Prints text, cause and action of every alert with an event ID; resolves with the exit status. */
export async function explain(
  event: string,
  language: Language,
  texts: Texts,
  io: Io,
): Promise<number> {
  const words = texts.fsmon
  const explanations = await loadExplanations(language)
  const found = Object.hasOwn(explanations, event) ? (explanations[event] ?? []) : []
  if (found.length === 0) {
    const known = Object.keys(explanations).join(', ')
    io.err(`clp_fsmon: ${fill(words.noAlert, { id: event, known })}\n`)
    return 3
  }
  const blocks = found.map(({ commands, level, text, cause, action }) => {
    const module = commands.map((command) => command.replace(/^clp_/, '')).join(', ')
    return [
      fill(words.event, { id: event, level, module }),
      `  ${words.message}: ${text}`,
      `  ${words.causeHeading}: ${cause}`,
      `  ${words.actionHeading}: ${action}`,
      '',
    ].join('\n')
  })
  io.out(blocks.join('\n'))
  return 0
}
