import { layoutUnder } from '../../registry/layout.ts'
import { Registry } from '../../registry/registry.ts'
import type { Io } from '../io.ts'
import { controlMonitor } from '../monitor/control-monitor.ts'
import { explainProblem } from '../monitor/explain-problem.ts'
import { monitorRequest } from '../monitor/monitor-request.ts'
import { controls } from '../monitor/option-table.ts'
import { ParameterError } from '../parameter-error.ts'
import { fill, type Texts } from '../texts.ts'
import { fleetCommand } from './fleet-record.ts'

/** Whether these words are a control of a whole process: `ID -stop`, in the form that monitors have. */
export function isFleetControl([id = '', word = '']: readonly string[]): boolean {
  const isControl = controls.some((name) => word === `-${name}` || word === `--${name}`)
  return !id.startsWith('-') && (isControl || /^--drill(-seconds)?(=|$)/.test(word))
}

/** Carries out a control of a process with many watches; resolves with the exit status. */
export async function controlFleet(argv: readonly string[], texts: Texts, io: Io): Promise<number> {
  const command = fleetCommand
  try {
    // The controls and what goes with them are the same for all commands.
    const request = monitorRequest('clp_sambamon', argv)
    if (request.want !== 'control')
      throw new ParameterError(11, 'unexpected-word', { value: argv[0] ?? '' })
    if (io.uid !== 0 && io.env.CLP_FSMON_ROOT === undefined) {
      io.err(`${command}: ${fill(texts.notRoot, { command })}\n`)
      return 4
    }
    const { run } = layoutUnder(io.env.CLP_FSMON_ROOT ?? '/')
    const registry = new Registry(run)
    const job = { ...request, command, registry, run, texts, io, announceNotEnded }
    return await controlMonitor(job)
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error
    io.err(`${command}: ${explainProblem(error, texts)}\n`)
    io.err(`${command}: ${fill(texts.seeHelp, { command })}\n`)
    return 2
  }
}

/** Alerts are about one target; what is said of a process goes to whoever asked. */
async function announceNotEnded(): Promise<void> {}
