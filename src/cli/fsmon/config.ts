import { Command } from 'commander'
import { resolve } from 'node:path'
import { layoutUnder } from '../../registry/layout.ts'
import type { Io } from '../io.ts'
import { loadRepairTexts } from '../repair/repair-texts.ts'
import { systemClock } from '../../watch/clock.ts'
import { loadConfigTexts, type ConfigTexts } from '../settings/config-texts.ts'
import { explainConfig } from '../settings/explain-config.ts'
import { readSettings, settingsFile, type Settings } from '../settings/settings.ts'
import { fill, type Language } from '../texts.ts'
import { settingsText } from './settings-text.ts'

/** The subcommand `config` of `clp_fsmon`; `end` is told its exit status. */
export async function configCommand(
  language: Language,
  io: Io,
  end: (status: number) => void,
): Promise<Command> {
  const texts = await loadConfigTexts(language)
  const words = texts.command
  return new Command('config')
    .description(words.about)
    .argument('[FILE]', words.file)
    .option('--check', words.check)
    .action(async (given: string | undefined, { check }: { check?: true }) => {
      const { etc } = layoutUnder(io.env.CLP_FSMON_ROOT ?? '/')
      const file = given === undefined ? settingsFile(etc) : resolve(given)
      const settings = await readSettings(file)
      if (given !== undefined && !settings.isThere) {
        const problem = { file, line: 0, key: '', trouble: 'unreadable' } as const
        io.err(`${explainConfig({ ...problem, values: { reason: 'ENOENT' } }, texts)}\n`)
        end(2)
        return
      }
      const { stepProblems } = await import('../repair/step-problems.ts')
      const steps = await stepProblems(settings, await loadRepairTexts(language), systemClock)
      const all = { ...settings, problems: [...settings.problems, ...steps] }
      end(show(all, check === true, texts, io))
    })
}

function show(settings: Settings, isCheck: boolean, texts: ConfigTexts, io: Io): number {
  const { file, problems, isThere } = settings
  for (const problem of problems) io.err(`${explainConfig(problem, texts)}\n`)
  if (problems.length > 0) {
    io.err(`clp_fsmon: ${fill(texts.command.bad, { file, count: problems.length })}\n`)
    return 2
  }
  io.out(`${fill(isThere ? texts.command.good : texts.command.notThere, { file })}\n`)
  if (!isCheck) io.out(settingsText(settings, texts))
  return 0
}
