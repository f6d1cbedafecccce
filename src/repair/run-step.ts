import { constants } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { identityOf, type ProcessIdentity } from '../registry/process-identity.ts'
import { inTime, TooLateError, type Outstanding } from './in-time.ts'
import { journalMs } from './plan.ts'
import type { RepairClock } from './repair-clock.ts'
import { endSession } from './session.ts'

/** How a step ended. */
export type StepEnd = {
  how: 'done' | 'failed' | 'too-long' | 'interrupted' | 'not-started'
  /** in words: exit status, signal, why it could not be started */
  why: string
  /** the last lines that it printed */
  output: string[]
  ms: number
  /** something of it cannot be ended */
  isStuck: boolean
}

/** What a step is run with. */
export type StepRun = {
  command: readonly string[]
  limitMs: number
  env: Readonly<Record<string, string>>
  clock: RepairClock
  /** aborts when nobody wants it any more */
  signal: AbortSignal
  /** Hears of the process in the moment that it is there; must not wait. */
  onStart: (leader: ProcessIdentity) => void
  outstanding?: Outstanding
}

/** The only directories that programs are found in by a step. */
const path = '/usr/sbin:/usr/bin:/sbin:/bin'

/** What is kept of what a step prints. */
const mostLines = 10
const mostBytes = 2000

/**
 * Runs one step to its end, or ends it with all that it has started when its time is up or it is not
 * wanted any more. It has a session of its own, nothing to read, and an environment in which there is
 * nothing but what it is told. Never rejects.
 */
export async function runStep(run: StepRun): Promise<StepEnd> {
  const { command, limitMs, env, clock, signal, onStart, outstanding } = run
  const begunAt = clock.now()
  const output = new Tail()
  const ended = (how: StepEnd['how'], why: string, isStuck = false): StepEnd => ({
    how,
    why,
    output: output.lines(),
    ms: Math.round(clock.now() - begunAt),
    isStuck,
  })
  const [file = '', ...args] = command
  try {
    const problem = await inTime(clock, journalMs, file, distrust(file), outstanding)
    if (problem !== undefined) return ended('not-started', problem)
    if (signal.aborted) return ended('interrupted', 'before it began')
    const { spawn } = await import('node:child_process')
    const umask = process.umask(0o022)
    let child
    try {
      child = spawn(file, args, {
        env: { PATH: path, ...env },
        cwd: '/',
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      })
    } finally {
      process.umask(umask)
    }
    const exit = new Promise<{ status: number | null; name: string | null } | Error>((resolve) => {
      child.on('error', resolve)
      child.on('exit', (status, name) => {
        resolve({ status, name })
      })
    })
    const leader = child.pid === undefined ? undefined : identityOf(child.pid)
    if (leader !== undefined) onStart(leader)
    output.follow(child.stdout)
    output.follow(child.stderr)
    const { over, clear } = timeIsUp(clock, limitMs, signal)
    const first = await Promise.race([exit, over])
    clear?.()
    let isStuck = false
    const end = async (): Promise<void> => {
      if (leader !== undefined) isStuck = !(await endSession(leader, clock))
      else child.kill('SIGKILL')
    }
    if (first === 'too-long' || first === 'interrupted') {
      await end()
      const why =
        first === 'too-long' ? `it did not end within ${limitMs / 1000} s` : 'it was broken off'
      return ended(first, why, isStuck)
    }
    if (first instanceof Error) return ended('not-started', String(first))
    // What it printed last may still be on its way; what goes on printing is a server that it started.
    await output.rest(clock)
    if (first.status === 0) return ended('done', 'exit 0')
    await end()
    return ended('failed', first.name ?? `exit ${first.status}`, isStuck)
  } catch (error) {
    // One that cannot even be looked at in time holds a thread of this process, and no further one may.
    return ended('not-started', String(error), error instanceof TooLateError)
  }
}

/** Why a program is not run; others than root and this process's user must not be able to change it. */
async function distrust(file: string): Promise<string | undefined> {
  const { mode, uid } = await stat(file)
  if ((mode & constants.S_IFMT) !== constants.S_IFREG) return `${file} is not a file`
  if ((mode & 0o022) !== 0 || (uid !== 0 && uid !== process.geteuid?.())) {
    return `${file} may be written by others than root`
  }
  return undefined
}

function timeIsUp(clock: RepairClock, limitMs: number, signal: AbortSignal) {
  let clear: (() => void) | undefined
  const over = new Promise<'too-long' | 'interrupted'>((resolve) => {
    const clearTimer = clock.setTimer(limitMs, () => {
      resolve('too-long')
    })
    const interrupt = (): void => {
      resolve('interrupted')
    }
    signal.addEventListener('abort', interrupt)
    if (signal.aborted) interrupt()
    clear = () => {
      clearTimer()
      signal.removeEventListener('abort', interrupt)
    }
  })
  return { over, clear }
}

/** The end of what is printed, in little memory however much it is. */
class Tail {
  readonly #streams: Readable[] = []
  #text = ''

  /** Reads on for as long as anybody prints: a server that the step has started must not die of a broken pipe. */
  follow(stream: Readable): void {
    this.#streams.push(stream)
    stream.on('error', () => undefined)
    stream.on('data', (bytes: Buffer) => {
      this.#text = (this.#text + bytes.toString('utf8')).slice(-2 * mostBytes)
    })
    // Whoever still prints must not keep this process from ending.
    if ('unref' in stream && typeof stream.unref === 'function') stream.unref()
  }

  /** Resolves when all that was printed is there, or a moment has passed. */
  async rest(clock: RepairClock): Promise<void> {
    const open = this.#streams.filter((stream) => !stream.readableEnded)
    const ended = Promise.all(
      open.map(async (stream) => new Promise((resolve) => stream.once('end', resolve))),
    )
    await inTime(clock, 100, 'output', ended).catch(() => undefined)
  }

  lines(): string[] {
    return this.#text
      .slice(-mostBytes)
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-mostLines)
  }
}
