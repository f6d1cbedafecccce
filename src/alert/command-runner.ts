import type { ChildProcess } from 'node:child_process'

/** A program that is run again and again. */
export type Program = {
  file: string
  /** its whole environment: ours may hold what is nobody's business */
  env: Readonly<Record<string, string>>
  /** how long one run may take, and once more how long its end */
  timeoutMs: number
}

/** What one run gets besides: variables, and a text on its standard input. */
export type RunMore = { env?: Readonly<Record<string, string>>; input?: string }

/** Why a program did not do what it was run for. */
export class CommandFailedError extends Error {
  override readonly name = 'CommandFailedError'
}

/** Runs a program, never twice at the same time; what it prints is not looked at. */
export class CommandRunner {
  readonly #program: Program
  /** a run that was ended and does not go */
  #stuck: ChildProcess | undefined

  constructor(program: Program) {
    this.#program = program
  }

  /** Runs the program to its end, or ends it when its time is up; rejects unless all went well. */
  async run(args: readonly string[], more: RunMore = {}): Promise<void> {
    const { file, timeoutMs } = this.#program
    const env = { ...this.#program.env, ...more.env }
    if (this.#stuck !== undefined) throw new CommandFailedError(`${file} still cannot be ended`)
    // Loaded only here: a host without such a program needs none of it.
    const { spawn } = await import('node:child_process')
    const { input } = more
    const stdin = input === undefined ? 'ignore' : 'pipe'
    const child = spawn(file, args, { env, stdio: [stdin, 'ignore', 'ignore'], detached: true })
    // Whoever does not read what it is told has its reasons.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
    let timer: NodeJS.Timeout | undefined
    try {
      await new Promise<void>((resolve, reject) => {
        let problem = ''
        timer = setTimeout(() => {
          problem = `${file} did not end within ${timeoutMs} ms`
          kill(child)
          timer = setTimeout(() => {
            // It must not pile up: no other run begins before it is gone.
            this.#stuck = child
            reject(new CommandFailedError(`${file} cannot be ended`))
          }, timeoutMs)
        }, timeoutMs)
        child.on('error', reject)
        child.on('exit', (status, signal) => {
          this.#stuck = undefined
          if (status === 0) resolve()
          else reject(new CommandFailedError(problem || `${file} ended with ${signal ?? status}`))
        })
      })
    } finally {
      clearTimeout(timer)
      child.stdin?.destroy()
      child.unref()
    }
  }
}

/** Ends a program together with what it has started. */
function kill(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has just ended by itself.
  }
}
