import { Nfs3Error, nfs3Jukebox } from '../rpc/nfs3/nfs3-error.ts'
import { Nfs4Error, nfs4Status } from '../rpc/nfs4/nfs4-error.ts'

const firstPauseMs = 50
const longestPauseMs = 1000
/** An answer that is no older than this still says how the server is. */
const stillTrueMs = 3 * longestPauseMs

type Plea = { text: string; at: number }

/** Asks again where an NFS server that is alive wants to be asked later: its grace period, or DELAY. */
export class NfsPatience {
  readonly #signal: AbortSignal
  #last: Plea | undefined

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  /** What the server said when it last asked for patience, if it did so just now. */
  get plea(): string | undefined {
    const last = this.#last
    return last !== undefined && performance.now() - last.at < stillTrueMs ? last.text : undefined
  }

  /** Repeats a call for as long as the server asks for patience; the pauses get longer. */
  readonly ask = async <T>(call: () => Promise<T>): Promise<T> => {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        const result = await call()
        this.#last = undefined
        return result
      } catch (error) {
        if (!asksForPatience(error)) throw error
        this.#last = { text: error.message, at: performance.now() }
      }
      await pause(pauseMs, this.#signal)
    }
  }
}

function asksForPatience(error: unknown): error is Error {
  if (error instanceof Nfs3Error) return error.status === nfs3Jukebox
  if (!(error instanceof Nfs4Error)) return false
  return error.status === nfs4Status.delay || error.status === nfs4Status.grace
}

/** Waits, or throws the signal's reason when that comes first. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
