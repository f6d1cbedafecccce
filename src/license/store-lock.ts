import { lstatSync } from 'node:fs'
import { StoreError } from './store-error.ts'

/** A lock that its holder keeps alive no longer than this is left over from a crash. */
const staleMs = 3000

/** Does some work while nobody else changes the file; `isOurs` is to be asked right before a change. */
export async function withStoreLock<T>(
  file: string,
  waitMs: number,
  work: (isOurs: () => boolean) => T,
): Promise<T> {
  // Loaded only here: monitors read licenses and never change one.
  const { default: lockfile } = await import('proper-lockfile')
  const lockPath = `${file}.lock`
  const pauseMs = 50
  let release: () => Promise<void>
  try {
    release = await lockfile.lock(file, {
      realpath: false,
      stale: staleMs,
      retries: {
        retries: Math.ceil(waitMs / pauseMs),
        factor: 1,
        minTimeout: pauseMs / 2,
        maxTimeout: pauseMs,
        randomize: true,
      },
      // By default it would be thrown out of a timer.
      onCompromised: ignore,
    })
  } catch (error) {
    const locked = error instanceof Error && 'code' in error && error.code === 'ELOCKED'
    throw new StoreError(locked ? 'locked' : 'write', lockPath, error)
  }
  const mine = signatureOf(lockPath)
  // Whoever stood still for long has lost it to others, and must not take it from them.
  const isOurs = () => mine !== undefined && signatureOf(lockPath) === mine
  try {
    return work(isOurs)
  } finally {
    if (isOurs()) await release()
  }
}

function ignore(): void {}

/** Tells one holding of the lock from the next. */
function signatureOf(lockPath: string): string | undefined {
  try {
    const { ino, birthtimeNs } = lstatSync(lockPath, { bigint: true })
    return `${ino} ${birthtimeNs}`
  } catch {
    return undefined
  }
}
