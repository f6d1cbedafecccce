import { lstatSync, mkdirSync, rmdirSync, unlinkSync, utimesSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { codeOf } from './code-of.ts'
import { RegistryError } from './registry-error.ts'

/** How long a lock that nobody keeps alive stays in the way. */
const staleMs = 2000

/** How often a holder shows that it still is one. */
const renewalMs = staleMs / 4

/** A lock that is held: a short moment in which a record is read, changed and written. */
export type HeldLock = {
  /** Whether nobody has taken it from us while we stood still; to be asked right before a change. */
  isOurs: () => boolean
}

/** Where locks come from. */
export type LockOptions = {
  /** the directory that stands for the lock while it is held */
  path: string
  /** how long to wait for others */
  waitMs: number
  /** whether the work has become needless; asked again and again while others hold the lock */
  isNeedless?: () => Promise<boolean>
}

/**
 * Does some work under a lock; undefined when it became needless before the lock was to be had.
 *
 * A lock is a directory whose time is renewed while its holder runs; one that is not renewed counts
 * as left behind. Neither that nor a clock that was set may block a start for longer than its stale
 * time, or end a lock that is held, so the waiting is measured with the monotonic clock.
 */
export async function withLock<T>(
  options: LockOptions,
  work: (lock: HeldLock) => Promise<T>,
): Promise<T | undefined> {
  const { path } = options
  if (!(await acquire(options))) return undefined
  const mine = signatureOf(path)
  const isOurs = () => mine !== undefined && signatureOf(path) === mine
  const renewing = setInterval(() => {
    if (isOurs()) renew(path)
  }, renewalMs)
  try {
    return await work({ isOurs })
  } finally {
    clearInterval(renewing)
    // A lock that others have taken is theirs to release.
    if (isOurs()) removeIfThere(path)
  }
}

/** False when the work became needless first. */
async function acquire({ path, waitMs, isNeedless }: LockOptions): Promise<boolean> {
  const until = performance.now() + waitMs
  const watched: Watched = { since: 0 }
  for (;;) {
    if (await isNeedless?.()) return false
    try {
      mkdirSync(path, { mode: 0o700 })
      return true
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
      if (performance.now() > until) {
        throw new RegistryError('locked', `${path} is held by another process`, error)
      }
    }
    breakIfAbandoned(path, watched)
    await delay(5 + Math.random() * 20)
  }
}

/** What stood in the way when somebody last looked, and since when it is the same. */
type Watched = { signature?: string | undefined; since: number }

/** Whatever its own time says, of a day that has gone or has not come yet: only that it changes counts. */
function breakIfAbandoned(path: string, watched: Watched): void {
  const signature = signatureOf(path, true)
  if (signature !== watched.signature) {
    watched.signature = signature
    watched.since = performance.now()
  } else if (signature !== undefined && performance.now() - watched.since > staleMs) {
    removeIfThere(path)
  }
}

/** Not a directory is nobody's lock, and would never go by itself. */
function removeIfThere(path: string): void {
  try {
    rmdirSync(path)
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') unlinkIfThere(path)
  }
}

function renew(path: string): void {
  try {
    const now = Date.now() / 1000
    utimesSync(path, now, now)
  } catch {
    // Whether it is still ours is asked before every change.
  }
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It is a lock by now, or gone.
  }
}

/** Tells one holding of a lock from the next; with its time, one renewal from the next. */
function signatureOf(path: string, withTime = false): string | undefined {
  try {
    const { ino, birthtimeNs, mtimeNs } = lstatSync(path, { bigint: true })
    return withTime ? `${ino} ${birthtimeNs} ${mtimeNs}` : `${ino} ${birthtimeNs}`
  } catch {
    return undefined
  }
}
