import { Command } from 'commander'
import { layoutUnder } from '../../registry/layout.ts'
import { systemClock } from '../../watch/clock.ts'
import type { Io } from '../io.ts'
import { loadRepairTexts } from '../repair/repair-texts.ts'
import { loadConfigTexts } from '../settings/config-texts.ts'
import { explainConfig } from '../settings/explain-config.ts'
import { readSettings, settingsFile } from '../settings/settings.ts'
import type { Language } from '../texts.ts'

/** The subcommand `repairs` of `clp_fsmon`; `end` is told its exit status. */
export async function repairsCommand(
  language: Language,
  io: Io,
  end: (status: number) => void,
): Promise<Command> {
  const texts = await loadRepairTexts(language)
  return new Command('repairs')
    .description(texts.about)
    .option('--json', texts.json)
    .action(async ({ json }: { json?: true }) => {
      const layout = layoutUnder(io.env.CLP_FSMON_ROOT ?? '/')
      const settings = await readSettings(settingsFile(layout.etc))
      const wrong = settings.problems.filter(({ key }) => key === '' || key.startsWith('repair'))
      const configTexts = await loadConfigTexts(language)
      for (const problem of wrong) io.err(`${explainConfig(problem, configTexts)}\n`)
      const { repairsSeen } = await import('../repair/repairs-seen.ts')
      const seen = await repairsSeen(settings.repair, layout, systemClock)
      if (json === true) io.out(`${JSON.stringify(seen, null, 2)}\n`)
      else {
        const { repairsText } = await import('../repair/repairs-text.ts')
        io.out(repairsText(seen, settings.file, texts))
      }
      end(wrong.length === 0 ? 0 : 2)
    })
}
