import { execFile } from 'node:child_process'

/** What a program printed, and how it ended; undefined status where it could not be run or was ended. */
export type ProgramOutput = { status: number | undefined; out: string; err: string }

/** Runs a program of the system, which is looked for only where those are. */
export type RunProgram = (
  file: string,
  args: readonly string[],
  signal: AbortSignal,
) => Promise<ProgramOutput>

const mostBytes = 4 * 1024 * 1024

/** Runs a program to its end, or to that of the signal. */
export const programOutput: RunProgram = async (file, args, signal) => {
  return new Promise((resolve) => {
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }
    const options = { env, signal, maxBuffer: mostBytes, killSignal: 'SIGKILL', cwd: '/' } as const
    const child = execFile(file, [...args], options, (error, out, err) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : undefined
      resolve({ status, out, err })
    })
    child.stdin?.end()
  })
}
