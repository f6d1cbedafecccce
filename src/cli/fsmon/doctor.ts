import { Command } from 'commander'
import type { Io } from '../io.ts'
import { fill, type Language, type Texts } from '../texts.ts'
import { loadDoctorTexts } from './doctor/doctor-texts.ts'

/** How long a step may take, unless it has its own limit. */
const limitMs = 15_000

/** The subcommand `doctor` of `clp_fsmon`; `end` is told its exit status. */
export async function doctorCommand(
  language: Language,
  texts: Texts,
  io: Io,
  end: (status: number) => void,
): Promise<Command> {
  const words = await loadDoctorTexts(language)
  return new Command('doctor')
    .description(words.command.about)
    .option('--fix', words.command.fix)
    .option('--strict', words.command.strict)
    .option('--json', words.command.json)
    .addHelpText('after', `\n${words.command.ends}`)
    .action(async ({ fix, strict, json }: { fix?: true; strict?: true; json?: true }) => {
      // Loaded only here, with all that it looks at.
      const [steps, run, tell, config] = await Promise.all([
        import('./doctor/step-table.ts'),
        import('../../doctor/run-steps.ts'),
        import('./doctor/tell-results.ts'),
        import('../settings/config-texts.ts'),
      ])
      const table = steps.stepTable({
        io,
        language,
        texts,
        configTexts: await config.loadConfigTexts(language),
        program: process.argv[1] ?? process.execPath,
        nodeVersion: process.version,
      })
      const titles: Readonly<Record<string, string>> = words.steps
      const isSeen = process.stderr.isTTY && json !== true
      const clear = isSeen ? '\r\x1b[K' : ''
      const results = await run.runSteps(table, {
        limitMs,
        fix: fix === true,
        onStep: ({ name }, number) => {
          if (!isSeen) return
          const values = { number, count: table.length, step: titles[name] ?? name }
          io.err(`${clear}${fill(words.progress, values)}`)
        },
        onResult: (result) => {
          if (json === true) return
          if (isSeen) io.err(clear)
          io.out(tell.resultLines(result, words))
        },
      })
      const exitStatus = statusOf(
        results.flatMap(({ findings }) => findings.map(({ grade }) => grade)),
        strict === true,
      )
      if (json === true) {
        const about = { host: io.hostName(), now: new Date(), exitStatus }
        io.out(tell.resultJson(results, about, words))
      } else io.out(tell.verdictLine(results, words))
      end(exitStatus)
    })
}

function statusOf(grades: readonly string[], isStrict: boolean): number {
  return grades.includes('failure') || (isStrict && grades.includes('warning')) ? 1 : 0
}
