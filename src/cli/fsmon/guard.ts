import { Command } from 'commander'
import type { Io } from '../io.ts'
import type { Language, Texts } from '../texts.ts'
import { loadGuardTexts } from './guard/guard-texts.ts'
import type { GuardOptions } from './guard/run-guard.ts'

/** The subcommand `guard` of `clp_fsmon`; `end` is told its exit status. */
export async function guardCommand(
  language: Language,
  texts: Texts,
  io: Io,
  end: (status: number) => void,
): Promise<Command> {
  const words = await loadGuardTexts(language)
  return new Command('guard')
    .description(words.about)
    .option('--watch', words.watch)
    .option('-i, --interval <SECONDS>', words.interval)
    .option('--json', words.json)
    .addHelpText(
      'after',
      `\n${words.endsHeading}:\n${words.ends.map((line) => `  ${line}\n`).join('')}`,
    )
    .action(async (options: GuardOptions) => {
      // Loaded only here: nobody else has a use for it.
      const { guard } = await import('./guard/run-guard.ts')
      end(await guard({ options, words, texts, io }))
    })
}
