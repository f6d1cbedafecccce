import { systemClock } from '../../watch/clock.ts'
import { isOwnAddress } from '../../wire/is-own-address.ts'
import type { ComposedProbe } from '../monitor/compose-probe.ts'
import { Diagnosing, type DiagnosingParts } from './diagnosing.ts'
import { DiagnosisProcess } from './diagnosis-process.ts'
import { ownCommand } from './own-command.ts'
import { portmapperOf } from './portmapper-of.ts'

const notFound = 'no diagnosis: clp_fsmon is not beside the command that runs'

/** How long one diagnosis may take. */
const limitMs = 10_000

/** The process for the diagnoses of all watches of this process; that its command is not to be found is said. */
export async function openDiagnosisProcess(
  warn: (text: string) => void,
): Promise<DiagnosisProcess | undefined> {
  const command = await ownCommand()
  if (command !== undefined) return new DiagnosisProcess(command, limitMs)
  warn(notFound)
  return undefined
}

/** Somebody who finds out why the server of a probe fails. */
export function openDiagnosing(
  { address, options }: Pick<ComposedProbe, 'address' | 'options'>,
  process: DiagnosisProcess,
  { log, refresh }: Pick<DiagnosingParts, 'log' | 'refresh'>,
): Diagnosing {
  return new Diagnosing({
    words: wordsOf(address, options),
    process,
    isHere: () => isOwnAddress(address),
    log,
    refresh,
    now: () => systemClock.now(),
    date: () => systemClock.date(),
  })
}

/** What the command is told of a server: never a login. */
function wordsOf(address: string, options: ComposedProbe['options']): string[] {
  const { share, directory, port, nfsPort } = options
  const which = share === undefined ? ['-d', directory] : ['-s', share]
  const portWords = port ?? nfsPort
  return [
    '-a',
    address,
    ...which.map(String),
    ...(portWords === undefined ? [] : ['--port', String(portWords)]),
    '--portmapper',
    portmapperOf(options),
  ]
}
