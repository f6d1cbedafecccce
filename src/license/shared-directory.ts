import { spawn } from 'node:child_process'
import { claimName, claimOf, type Claim } from './claim.ts'

/** What was seen in the shared directory, or why it was not. */
export type SharedClaims = { claims: Claim[] } | { trouble: 'timeout' | 'failed'; reason: string }

/** Enters the claims that are missing and then lists all there are. */
const claimScript = `
set -C; umask 022; cd -- "$1" || exit 1; shift
for name; do [ -e "$name" ] || : >"$name" || exit 1; done
exec ls`

const releaseScript = `cd -- "$1" || exit 1; shift; for name; do rm -f -- "$name"; done; exec ls`

const largestListing = 1024 * 1024

/**
 * Lays claims into the shared directory and reads everybody's.
 *
 * The directory may lie on a dead file server. Whoever touches it then never comes back, and could
 * not even end: so a child does, and is left behind when its time is over.
 */
export async function claimShared(
  directory: string,
  claims: readonly Claim[],
  signal: AbortSignal,
): Promise<SharedClaims> {
  return run(claimScript, directory, claims, signal)
}

/** Takes claims back; resolves with what is left. */
export async function releaseShared(
  directory: string,
  claims: readonly Claim[],
  signal: AbortSignal,
): Promise<SharedClaims> {
  return run(releaseScript, directory, claims, signal)
}

async function run(
  script: string,
  directory: string,
  claims: readonly Claim[],
  signal: AbortSignal,
): Promise<SharedClaims> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', script, 'sh', directory, ...claims.map(claimName)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
      cwd: '/',
    })
    let out = ''
    let err = ''
    const end = (result: SharedClaims): void => {
      signal.removeEventListener('abort', giveUp)
      child.stdout.destroy()
      child.stderr.destroy()
      child.unref()
      resolve(result)
    }
    const giveUp = (): void => {
      child.kill('SIGKILL')
      end({ trouble: 'timeout', reason: 'no answer in time' })
    }
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp)
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (out.length < largestListing) out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (err.length < 1000) err += text
    })
    child.on('error', (error) => {
      end({ trouble: 'failed', reason: error.message })
    })
    child.on('close', (status) => {
      if (status === 0) end({ claims: out.split('\n').flatMap((name) => claimOf(name) ?? []) })
      else end({ trouble: 'failed', reason: err.trim() || `status ${status}` })
    })
  })
}
