import { lstatSync, rmdirSync, unlinkSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { codeOf } from './code-of.ts'
import { RegistryError } from './registry-error.ts'

/** How long a lock that nobody keeps alive stays in the way. */
const staleMs = 2000

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
 * time, so the waiting is measured with the monotonic clock.
 */
export async function withLock<T>(
  options: LockOptions,
  work: (lock: HeldLock) => Promise<T>,
): Promise<T | undefined> {
  const { path } = options
  const release = await acquire(options)
  if (release === undefined) return undefined
  const mine = signatureOf(path)
  const isOurs = () => mine !== undefined && signatureOf(path) === mine
  try {
    return await work({ isOurs })
  } finally {
    // A lock that others have taken is theirs to release.
    if (isOurs()) await release()
  }
}

async function acquire({
  path,
  waitMs,
  isNeedless,
}: LockOptions): Promise<(() => Promise<void>) | undefined> {
  // Loaded only here: it costs memory, and a monitor needs it once.
  const { default: lockfile } = await import('proper-lockfile')
  const until = performance.now() + waitMs
  const watched: { signature?: string | undefined; since: number } = { since: 0 }
  for (;;) {
    if (await isNeedless?.()) return undefined
    try {
      const release = await lockfile.lock(path, {
        lockfilePath: path,
        realpath: false,
        stale: staleMs,
        retries: 0,
        // Shows in isOurs; by default it would be thrown out of a timer.
        onCompromised: () => undefined,
      })
      return async () => {
        try {
          await release()
        } catch {
          // It is gone already.
        }
      }
    } catch (error) {
      const code = codeOf(error)
      const isImpostor = code === 'ENOTDIR' && signatureOf(path) !== undefined
      if (code !== 'ELOCKED' && !isImpostor) throw error
      if (performance.now() > until) {
        throw new RegistryError('locked', `${path} is held by another process`, error)
      }
    }
    breakIfAbandoned(path, watched)
    await delay(5 + Math.random() * 20)
  }
}

/** A lock from a time that has not come yet, because the clock was set back, never looks stale. */
function breakIfAbandoned(
  path: string,
  watched: { signature?: string | undefined; since: number },
): void {
  const signature = signatureOf(path, true)
  if (signature !== watched.signature) {
    watched.signature = signature
    watched.since = performance.now()
  } else if (signature !== undefined && performance.now() - watched.since > staleMs) {
    try {
      rmdirSync(path)
    } catch (error) {
      // Not a directory is nobody's lock, and would never go by itself; else somebody was quicker.
      if (codeOf(error) === 'ENOTDIR') unlinkIfThere(path)
    }
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
