import { Command, CommanderError } from 'commander'
import { Registry } from '../../registry/registry.ts'
import { layoutUnder } from '../../registry/layout.ts'
import type { Io } from '../io.ts'
import { askedLanguage, chooseLanguage } from '../language.ts'
import { controlFleet, isFleetControl } from '../fleet/control-fleet.ts'
import { runCommand } from '../fleet/run-command.ts'
import { fill, loadTexts, type Language, type Texts } from '../texts.ts'
import { version } from '../version.ts'
import { loadViewTexts, type ViewTexts } from '../view/view-texts.ts'
import { alertsCommand } from './alerts.ts'
import { configCommand } from './config.ts'
import { diagnoseCommand } from './diagnose.ts'
import { doctorCommand } from './doctor.ts'
import { explain } from './explain.ts'
import { guardCommand } from './guard.ts'
import { inventoryCommand } from './inventory.ts'
import { reloadCommand } from './reload.ts'
import { repairsCommand } from './repairs.ts'
import { reportCommand } from './report.ts'
import { serveCommand } from './serve.ts'
import { showStatus } from './status.ts'
import { templateCommand } from './template.ts'

/** Does what the words of `clp_fsmon` ask for; resolves with the exit status. */
export async function fsmonMain(argv: readonly string[], io: Io): Promise<number> {
  const language = chooseLanguage(askedLanguage(argv), io.env)
  const texts = await loadTexts(language)
  if (isFleetControl(argv)) return controlFleet(argv, texts, io)
  let status = 0
  const end = (ended: number): void => {
    status = ended
  }
  const views = await loadViewTexts(language)
  const program = fsmonProgram(texts, views, io, language, end)
  program.addCommand(alertsCommand(texts, views, io, end).copyInheritedSettings(program))
  const template = await templateCommand(language, io, end)
  program.addCommand(template.copyInheritedSettings(program))
  const report = await reportCommand(language, io, end)
  program.addCommand(report.copyInheritedSettings(program))
  const config = await configCommand(language, io, end)
  program.addCommand(config.copyInheritedSettings(program))
  const run = await runCommand(language, texts, io, end)
  program.addCommand(run.copyInheritedSettings(program))
  const reload = await reloadCommand(language, io, end)
  program.addCommand(reload.copyInheritedSettings(program))
  const repairs = await repairsCommand(language, io, end)
  program.addCommand(repairs.copyInheritedSettings(program))
  const doctor = await doctorCommand(language, texts, io, end)
  program.addCommand(doctor.copyInheritedSettings(program))
  const serve = await serveCommand(language, io, end)
  program.addCommand(serve.copyInheritedSettings(program))
  const inventory = await inventoryCommand(language, texts, io, end)
  program.addCommand(inventory.copyInheritedSettings(program))
  const guard = await guardCommand(language, texts, io, end)
  program.addCommand(guard.copyInheritedSettings(program))
  const diagnose = await diagnoseCommand(language, texts, io, end)
  program.addCommand(diagnose.copyInheritedSettings(program))
  try {
    await program.parseAsync(argv, { from: 'user' })
    return status
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? 0 : 2
  }
}

function fsmonProgram(
  texts: Texts,
  views: ViewTexts,
  io: Io,
  language: Language,
  end: (status: number) => void,
): Command {
  const words = texts.fsmon
  const directory = layoutUnder(io.env.CLP_FSMON_ROOT ?? '/').run
  const program = new Command('clp_fsmon')
    .description(words.about)
    .helpOption('-h, --help', texts.help.options.help)
    .version(`clp_fsmon (clp-fsmon) ${version}`, '-V, --version', texts.help.options.version)
    .option('--lang <LANG>', `${texts.help.options.lang} (en, ja)`)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err, getOutHelpWidth: () => 100 })
    .showHelpAfterError(`(${fill(texts.seeHelp, { command: 'clp_fsmon' })})`)
    .addHelpText(
      'after',
      `\n${texts.help.headings.ends}:\n${words.ends.map((line) => `  ${line}\n`).join('')}`,
    )
  program
    .command('status [ID]')
    .description(words.status)
    .option('--json', words.statusJson)
    .option('--watch', views.watch)
    .action(async (id: string | undefined, options: { json?: true; watch?: true }) => {
      const registry = new Registry(directory)
      if (options.watch === true && options.json !== true) {
        if (id !== undefined && (await registry.read(id)).kind === 'none') {
          io.err(`clp_fsmon: ${fill(words.unknownId, { id })}\n`)
          end(3)
          return
        }
        const { watchHere } = await import('../view/watch-here.ts')
        end(await watchHere(id, views, io))
        return
      }
      end(await showStatus({ id, json: options.json === true, directory, registry, texts, io }))
    })
  program
    .command('explain <EVENT>')
    .description(words.explain)
    .action(async (event: string) => {
      end(await explain(event, language, texts, io))
    })
  return program
}
