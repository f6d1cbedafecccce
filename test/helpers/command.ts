import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Test } from 'tap'
import { sourceProcess } from './source-process.ts'

const root = join(import.meta.dirname, '../..')

/** How a command ended. */
export type Ended = {
  status: number | null
  signal: NodeJS.Signals | null
  out: string
  err: string
}

/** A built command that runs, with everything it has said so far. */
export type RunningCommand = {
  child: ChildProcess
  pid: number
  ended: Promise<Ended>
  /** Waits until standard error matches, or throws with what it said when the command ends first. */
  said: (pattern: RegExp) => Promise<RegExpExecArray>
  err: () => string
}

/** How a command is to be started. */
export type CommandOptions = {
  env?: Record<string, string | undefined>
  stdin?: string
  stdio?: ('pipe' | 'ignore' | number)[]
  /** words before the command, which start it in their own way: setpriv, sh -c 'exec "$@" …' */
  via?: readonly string[]
  /** run the sources, so that what they do is counted as covered; slower to start */
  fromSource?: boolean
}

/** Starts a built command; what still runs at the end of the test is killed. */
export function startCommand(
  t: Test,
  name: string,
  argv: readonly string[],
  {
    env = {},
    stdin,
    stdio = ['pipe', 'pipe', 'pipe'],
    via = [],
    fromSource = false,
  }: CommandOptions = {},
): RunningCommand {
  const child = fromSource
    ? spawn(
        process.execPath,
        [...sourceProcess.argv, join(root, 'src/cli/commands', `${name}.ts`), ...argv],
        { env: { ...sourceProcess.env, LANG: 'C', ...env }, stdio },
      )
    : // The test runner puts its own loaders into the environment of every process of Node.
      spawn(
        '/usr/bin/env',
        ['-u', 'NODE_OPTIONS', ...via, process.execPath, join(root, 'bin', name), ...argv],
        {
          env: { PATH: process.env.PATH, LANG: 'C', ...env },
          stdio,
        },
      )
  const { pid } = child
  if (pid === undefined) throw new Error(`${name} could not be started`)
  t.teardown(() => child.kill('SIGKILL'))
  let out = ''
  let err = ''
  const listeners = new Set<() => void>()
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text
    for (const listener of listeners) listener()
  })
  child.stdin?.on('error', () => {})
  child.stdin?.end(stdin ?? '')
  const ended = once(child, 'close').then(([status, signal]: unknown[]): Ended => ({
    status: status as number | null,
    signal: signal as NodeJS.Signals | null,
    out,
    err,
  }))
  const said = async (pattern: RegExp): Promise<RegExpExecArray> => {
    const found = pattern.exec(err)
    if (found !== null) return found
    return new Promise((resolve, reject) => {
      const listener = () => {
        const match = pattern.exec(err)
        if (match === null) return
        listeners.delete(listener)
        resolve(match)
      }
      listeners.add(listener)
      void ended.then(() => {
        if (listeners.delete(listener))
          reject(new Error(`ended without ${String(pattern)}: ${err}`))
      })
    })
  }
  return { child, pid, ended, said, err: () => err }
}

/** Runs a built command to its end. */
export async function runCommand(
  t: Test,
  name: string,
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<Ended> {
  return startCommand(t, name, argv, options).ended
}
