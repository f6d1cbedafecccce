import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { programDirectories } from './program-directories.ts'

/** How a program ended; `late` when it did not within its time. */
export type Ran = { status: number | null; out: string; err: string; late: boolean }

const mostCharacters = 1_000_000

/** The full path of a program in one of these directories. */
export function programIn(directories: readonly string[], name: string): string | undefined {
  return directories
    .map((directory) => join(directory, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

/** Runs a program for so long at most; one that cannot be ended is not waited for either. */
export async function runProgram(
  file: string,
  args: readonly string[],
  limitMs: number,
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      env: { LC_ALL: 'C', PATH: programDirectories.join(':') },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (out.length < mostCharacters) out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (err.length < mostCharacters) err += text
    })
    const end = (status: number | null, late: boolean): void => {
      clearTimeout(timer)
      child.stdout.destroy()
      child.stderr.destroy()
      resolve({ status, out, err, late })
    }
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      child.unref()
      end(null, true)
    }, limitMs)
    child.on('error', () => {
      end(null, false)
    })
    child.on('close', (status) => {
      end(status, false)
    })
  })
}
