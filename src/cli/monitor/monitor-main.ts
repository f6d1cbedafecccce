import type { Announcement } from '../../alert/announcement.ts'
import { layoutUnder, type Layout } from '../../registry/layout.ts'
import { Registry } from '../../registry/registry.ts'
import type { Io } from '../io.ts'
import { askedLanguage, chooseLanguage } from '../language.ts'
import type { Exit } from '../leave.ts'
import { ParameterError } from '../parameter-error.ts'
import { ConfigError } from '../../config/config-error.ts'
import {
  problemsOfDefaults,
  readSettings,
  settingsFile,
  type Settings,
} from '../settings/settings.ts'
import { systemError } from '../system-error.ts'
import { fill, loadTexts, type Language } from '../texts.ts'
import { version } from '../version.ts'
import { monitorRequest, type MonitorRequest } from './monitor-request.ts'
import { drainMs } from './open-dispatcher.ts'
import { speak } from './speak.ts'
import type { CommandName } from './option-table.ts'

/** What is the same for whatever a command is asked to do. */
type Context = {
  command: CommandName
  io: Io
  layout: Layout
  language: Language
  configuration: Settings
  /** gives an alert of a command that watches nothing (yet) */
  say: (announcement: Announcement) => Promise<void>
}

/** Does what a monitor command's words ask for. */
export async function monitorMain(
  command: CommandName,
  argv: readonly string[],
  io: Io,
): Promise<Exit> {
  const layout = layoutUnder(io.env.CLP_FSMON_ROOT ?? '/')
  let stuck = false
  const configuration = await readSettings(settingsFile(layout.etc))
  const say = async (announcement: Announcement): Promise<void> => {
    const { dispatcher } = await speak({ command, target: '', layout, settings: configuration, io })
    dispatcher.announce(announcement)
    stuck = !(await dispatcher.end(drainMs)) || stuck
  }
  // What is wrong with the words is explained in the language that they ask for.
  let language = chooseLanguage(askedLanguage(argv), io.env)
  try {
    const request = monitorRequest(command, argv, configuration.defaults[command])
    language = chooseLanguage(request.language, io.env)
    const wrong = problemsOfDefaults(configuration)
    // What is under way can be looked at and stopped whatever the file says.
    if (wrong.length > 0 && (request.want === 'watch' || request.want === 'check')) {
      throw new ConfigError(wrong)
    }
    const exit = await carryOut(request, { command, io, layout, language, configuration, say })
    return { status: exit.status, stuck: stuck || exit.stuck === true }
  } catch (error) {
    if (error instanceof ParameterError) {
      const [{ explainProblem }, texts] = await Promise.all([
        import('./explain-problem.ts'),
        loadTexts(language),
      ])
      if (isForNagios(argv)) return unknownToNagios(command, explainProblem(error, texts), io)
      io.err(`${command}: ${explainProblem(error, texts)}\n`)
      io.err(`${command}: ${fill(texts.seeHelp, { command })}\n`)
      // Whoever only tries something out leaves no trace.
      if (!argv.includes('--check')) {
        await say({ id: error.alertId, detail: { problem: error.problem } })
      }
      return { status: 2, stuck }
    }
    if (error instanceof ConfigError) {
      const { refuseConfig } = await import('./refuse-config.ts')
      const lines = await refuseConfig(error, language)
      if (isForNagios(argv)) return unknownToNagios(command, lines[0] ?? '', io)
      for (const line of lines) io.err(`${command}: ${line}\n`)
      if (!argv.includes('--check')) await say({ id: 11, detail: { problem: 'configuration' } })
      return { status: 2, stuck }
    }
    if (isForNagios(argv)) return unknownToNagios(command, String(error), io)
    const announcement = systemError(error)
    // What the system refuses is for the operator; what else there is, for whoever mends this program.
    const isOurs = announcement.text === 'internal' && error instanceof Error
    io.err(`${command}: ${isOurs ? (error.stack ?? '') : String(error)}\n`)
    await say(announcement)
    return { status: 5, stuck }
  }
}

function isForNagios(argv: readonly string[]): boolean {
  return argv.includes('--check') && argv.includes('--nagios')
}

async function unknownToNagios(command: CommandName, reason: string, io: Io): Promise<Exit> {
  const { nagiosUnknown } = await import('./nagios-line.ts')
  const { line, status } = nagiosUnknown(command, reason)
  io.out(line)
  return { status }
}

async function carryOut(request: MonitorRequest, context: Context): Promise<Exit> {
  const { command, io, layout, language, configuration, say } = context
  if (request.want === 'version') {
    io.out(`${command} (clp-fsmon) ${version}\n`)
    return { status: 0 }
  }
  const texts = await loadTexts(language)
  switch (request.want) {
    case 'help': {
      const { helpText } = await import('./help-text.ts')
      io.out(helpText(command, texts))
      const { defaultsText } = await import('./defaults-text.ts')
      io.out(await defaultsText(configuration.file, configuration.defaults[command], language))
      return { status: 0 }
    }
    case 'check': {
      const { checkOnce } = await import('./check-once.ts')
      const { file } = configuration
      return { status: await checkOnce({ ...request, language, texts, io, file }) }
    }
    case 'control':
    case 'watch':
      if (io.uid === 0 || io.env.CLP_FSMON_ROOT !== undefined) break
      io.err(`${command}: ${fill(texts.notRoot, { command })}\n`)
      return { status: 4 }
  }
  if (request.want === 'watch') {
    const { watchMonitor } = await import('./watch-monitor.ts')
    return watchMonitor({ ...request, layout, texts, io, configuration })
  }
  const { controlMonitor } = await import('./control-monitor.ts')
  const registry = new Registry(layout.run)
  const announceNotEnded = async () => say({ id: 15 })
  const { run } = layout
  const job = { ...request, command, registry, run, texts, io, announceNotEnded }
  return { status: await controlMonitor(job) }
}
