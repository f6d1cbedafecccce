import { Command } from 'commander'
import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Io } from '../io.ts'
import { loadTexts, type Language } from '../texts.ts'
import { templateSettings, type TemplateOption } from './template-settings.ts'
import { loadTemplateTexts } from './template-texts.ts'
import { writeTemplate } from './write-template.ts'

/** The subcommand `template` of `clp_fsmon`; `end` is told its exit status. */
export async function templateCommand(
  language: Language,
  io: Io,
  end: (status: number) => void,
): Promise<Command> {
  const [texts, words] = await Promise.all([loadTexts(language), loadTemplateTexts(language)])
  const command = new Command('template')
    .argument('[KIND]', words.kind)
    .description(words.about)
    .option('--to <DIR>', words.to)
  for (const { name, flag } of allOptions()) {
    command.option(`${flag} <VALUE>`, words.options[name])
  }
  return command.action((kind: string | undefined, options: Record<string, string>) => {
    const { to, ...values } = options
    end(writeTemplate({ kind, values, to, sources: templateDirectories(), texts, words, io }))
  })
}

function allOptions(): TemplateOption[] {
  const all: readonly TemplateOption[] = Object.values(templateSettings).flat()
  return [...new Map(all.map((option) => [option.name, option])).values()]
}

/** Beside the program that runs, or where the package of the templates puts them. */
function templateDirectories(): string[] {
  const installed = '/usr/lib/clp-fsmon/templates'
  try {
    return [join(dirname(realpathSync(process.argv[1] ?? '')), '../templates'), installed]
  } catch {
    return [installed]
  }
}
