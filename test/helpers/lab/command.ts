import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** How a command ended, and what it said. */
export interface Finished {
  status: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface CommandOptions {
  stdin?: string | Uint8Array
  /** Past it the command is killed and the promise rejects. */
  timeoutMs?: number
  env?: NodeJS.ProcessEnv
  cwd?: string
}

export const labCommand = fileURLToPath(new URL('../../../scripts/lab', import.meta.url))

/** Runs a command to its end; a status that is not 0 is an answer, not an error. */
export function finish(
  command: string,
  args: readonly string[],
  { stdin, timeoutMs = 120_000, env, cwd }: CommandOptions = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd, stdio: 'pipe' })
    let late = false
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, timeoutMs)
    const output: Buffer[] = []
    const errors: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
    // A command need not read what it is given.
    child.stdin.on('error', () => {})
    child.stdin.end(stdin)
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.on('close', (status, signal) => {
      clearTimeout(timer)
      const stdout = Buffer.concat(output).toString()
      const stderr = Buffer.concat(errors).toString()
      if (!late) return resolve({ status, signal, stdout, stderr })
      const words = [command, ...args].join(' ')
      reject(new Error(`not done in ${timeoutMs} ms: ${words}\n${stdout}${stderr}`))
    })
  })
}

/** Runs scripts/lab; unlike `finish`, it throws when that fails. */
export async function lab(args: readonly string[], options?: CommandOptions): Promise<string> {
  const { status, signal, stdout, stderr } = await finish(labCommand, args, options)
  if (status === 0) return stdout
  throw new Error(`lab ${args.join(' ')}: ${signal ?? `status ${status}`}\n${stderr}`)
}
