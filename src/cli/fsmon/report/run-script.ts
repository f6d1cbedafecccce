import { spawn } from 'node:child_process'

/** What a script printed, and how it ended. */
export type ScriptResult = { output: string; outcome: string }

const mostBytes = 4 * 1024 * 1024

/**
 * Runs a shell script, and no longer than the signal allows. One that cannot even be killed, because
 * it looks at a dead disk, is left behind.
 */
export async function runScript(
  script: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<ScriptResult> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', script, 'sh', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
      detached: true,
      cwd: '/',
    })
    const chunks: Buffer[] = []
    let bytes = 0
    const take = (chunk: Buffer): void => {
      if (bytes < mostBytes) chunks.push(chunk)
      bytes += chunk.length
    }
    const end = (outcome: string): void => {
      signal.removeEventListener('abort', giveUp)
      child.stdout.destroy()
      child.stderr.destroy()
      child.unref()
      const output = Buffer.concat(chunks).subarray(0, mostBytes).toString()
      resolve({ output, outcome: bytes > mostBytes ? `${outcome}, cut off` : outcome })
    }
    const giveUp = (): void => {
      killGroup(child.pid)
      end('did not end in time')
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', (error) => {
      end(error.message)
    })
    child.on('close', (status, killed) => {
      end(status === 0 ? 'ok' : `ended with ${killed ?? status}`)
    })
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp)
  })
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended just now.
  }
}
