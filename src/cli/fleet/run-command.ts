import { Command } from 'commander'
import { basename, join, resolve } from 'node:path'
import { ConfigError } from '../../config/config-error.ts'
import { layoutUnder } from '../../registry/layout.ts'
import type { Io } from '../io.ts'
import { leave } from '../leave.ts'
import { endOnBugs } from '../monitor/end-on-bugs.ts'
import { ignoreSignals } from '../monitor/ignore-signals.ts'
import { loadConfigTexts } from '../settings/config-texts.ts'
import { explainConfig } from '../settings/explain-config.ts'
import {
  problemsOfDefaults,
  readSettings,
  settingsFile,
  type Settings,
} from '../settings/settings.ts'
import { fill, type Language, type Texts } from '../texts.ts'
import type { FleetList } from './fleet-list.ts'
import { loadFleetTexts, type FleetTexts } from './fleet-texts.ts'
import { readFleetList } from './read-fleet-list.ts'

type Reading = { list: FleetList; settings: Settings }

/** Where the list is when nothing else is said. */
export function fleetFile(etc: string): string {
  return join(etc, 'watches.toml')
}

/** The ID of a process by its list: the letters and digits of the file's name. */
export function identifierOf(file: string): string {
  return basename(file, '.toml').replace(/[^0-9A-Za-z]/g, '')
}

/** The subcommand `run` of `clp_fsmon`; `end` is told its exit status. */
export async function runCommand(
  language: Language,
  texts: Texts,
  io: Io,
  end: (status: number) => void,
): Promise<Command> {
  const words = await loadFleetTexts(language)
  const layout = layoutUnder(io.env.CLP_FSMON_ROOT ?? '/')
  return new Command('run')
    .description(words.command.about)
    .argument('[FILE]', fill(words.command.file, { file: fleetFile(layout.etc) }))
    .option('--check', words.command.check)
    .option('--id <ID>', words.command.id)
    .addHelpText('after', `\n${words.command.controlsHeading}:\n${words.command.controls}`)
    .action(async (given: string | undefined, options: { check?: true; id?: string }) => {
      const file = resolve(given ?? fleetFile(layout.etc))
      const { check } = options
      const id = options.id ?? identifierOf(file)
      if (!/^[0-9A-Za-z]{1,255}$/.test(id)) {
        io.err(`clp_fsmon: ${fill(words.command.badId, { id })}\n`)
        end(2)
        return
      }
      if (io.uid !== 0 && io.env.CLP_FSMON_ROOT === undefined && check !== true) {
        io.err(`clp_fsmon: ${words.command.notRoot}\n`)
        end(4)
        return
      }
      const configTexts = await loadConfigTexts(language)
      const explain = (error: ConfigError): string[] =>
        error.problems.map((problem) => explainConfig(problem, configTexts))
      const read = async (): Promise<Reading> => {
        const settings = await readSettings(settingsFile(layout.etc))
        const wrong = problemsOfDefaults(settings)
        if (wrong.length > 0) throw new ConfigError(wrong)
        const { defaults } = settings
        return { settings, list: await readFleetList(file, { io, texts, defaults }) }
      }
      let reading: Reading
      try {
        reading = await read()
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
        for (const line of explain(error)) io.err(`${line}\n`)
        const count = error.problems.length
        io.err(`clp_fsmon: ${fill(words.command.bad, { file, count })}\n`)
        end(2)
        return
      }
      if (check === true) {
        io.out(`${summary(reading.list, words)}\n`)
        end(0)
        return
      }
      endOnBugs()
      ignoreSignals()
      const { runFleet } = await import('./run-fleet.ts')
      const exit = await runFleet({
        id,
        ...reading,
        readAgain: async () => {
          try {
            return await read()
          } catch (error) {
            throw error instanceof ConfigError ? new Error(explain(error).join('; ')) : error
          }
        },
        layout,
        texts: words,
        io,
      })
      if (exit.stuck === true) leave(exit, io)
      end(exit.status)
    })
}

function summary({ file, watches, exitOn }: FleetList, { command: words }: FleetTexts): string {
  const addresses = new Set(watches.map(({ settings }) => settings.address ?? ''))
  return fill(words.good, { file, count: watches.length, addresses: addresses.size, exitOn })
}
