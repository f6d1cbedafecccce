import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { type CommandOptions, type Finished, labCommand } from './command.ts'

const foreground = fileURLToPath(new URL('../../../scripts/lab.d/foreground.sh', import.meta.url))

/** A command that runs on a host while the test goes on. */
export class HostProcess implements AsyncDisposable {
  /** The way to it; signals go through `kill`, for this is not the command's own process. */
  readonly child: ChildProcessWithoutNullStreams
  /** Resolves at its end. */
  readonly finished: Promise<Finished>
  #stdout = ''
  #stderr = ''

  constructor(
    host: string,
    command: string,
    args: readonly string[],
    { stdin, env, cwd }: Omit<CommandOptions, 'timeoutMs'> = {},
  ) {
    const words = ['exec', host, 'bash', foreground, command, ...args]
    this.child = spawn(labCommand, words, { env, cwd, stdio: 'pipe' })
    this.child.stdout.on('data', (chunk: Buffer) => (this.#stdout += chunk.toString()))
    this.child.stderr.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()))
    this.child.stdin.on('error', () => {})
    if (stdin !== undefined) this.child.stdin.end(stdin)
    this.finished = new Promise((resolve, reject) => {
      this.child.on('error', reject)
      this.child.on('close', (status, signal) =>
        resolve({ status, signal, stdout: this.#stdout, stderr: this.#stderr }),
      )
    })
  }

  /** What it has said so far. */
  get stdout(): string {
    return this.#stdout
  }

  get stderr(): string {
    return this.#stderr
  }

  /** Its number, as the world sees it. */
  async pid(): Promise<number> {
    for (;;) {
      const pid = await this.#commandPid()
      if (pid !== undefined) return pid
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`the command has ended already: ${this.#stderr}`)
      }
      await sleep(5)
    }
  }

  /** Sends it, not its launcher, a signal. */
  async kill(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    process.kill(await this.pid(), signal)
  }

  /** Resolves with all of its output once that matches; rejects when the command ends before. */
  async said(pattern: RegExp, timeoutMs = 60_000): Promise<string> {
    const deadlineMs = performance.now() + timeoutMs
    for (;;) {
      const output = this.#stdout + this.#stderr
      if (pattern.test(output)) return output
      const ended = this.child.exitCode !== null || this.child.signalCode !== null
      if (ended || performance.now() > deadlineMs) {
        throw new Error(`${ended ? 'ended' : 'late'} without ${pattern}: ${output}`)
      }
      await sleep(5)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await this.kill('SIGKILL').catch(() => {})
    }
    await this.finished
  }

  // lab has become nsenter, which has one child, foreground.sh, which has one child.
  async #commandPid(): Promise<number | undefined> {
    let pid = this.child.pid
    for (const name of ['nsenter', 'bash']) {
      if (pid === undefined || (await read(`/proc/${pid}/comm`)) !== `${name}\n`) return undefined
      pid = Number((await read(`/proc/${pid}/task/${pid}/children`)).split(' ')[0]) || undefined
    }
    return pid
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    return ''
  }
}
