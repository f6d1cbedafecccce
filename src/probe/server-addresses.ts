import { isIP } from 'node:net'
import { LookupError } from '../wire/lookup-error.ts'
import { type NameSources, resolveHost } from '../wire/resolve.ts'

type Addresses = [string, ...string[]]

/** What to connect to, in this order, and why the look-up failed if these are from an earlier one. */
export type Found = { addresses: Addresses; failure?: string }

/** How long a look-up may take where its answer is only to confirm what is known. */
const confirmationMs = 500

/** The addresses of one server; a name service that fails later on does not take them away again. */
export class ServerAddresses {
  readonly #host: string
  readonly #names: NameSources
  readonly #resolve: typeof resolveHost
  #known: Addresses | undefined

  constructor(host: string, names: NameSources = {}, resolve = resolveHost) {
    this.#host = host
    this.#names = names
    this.#resolve = resolve
    if (isIP(host) !== 0) this.#known = [host]
  }

  /** Whether there is a name to look up at all. */
  get isNamed(): boolean {
    return isIP(this.#host) === 0
  }

  /** Where the server is now; a look-up that hangs says nothing about the server. */
  async find(signal: AbortSignal): Promise<Found> {
    if (this.#known !== undefined && !this.isNamed) return { addresses: this.#known }
    signal.throwIfAborted()
    const limited = new AbortController()
    const onAbort = () => {
      limited.abort(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    const timer =
      this.#known === undefined
        ? undefined
        : setTimeout(() => limited.abort(this.#timedOut()), confirmationMs)
    try {
      const addresses = await this.#resolve(this.#host, limited.signal, this.#names)
      this.#known = addresses
      return { addresses }
    } catch (error) {
      if (signal.aborted) throw isTimeout(signal.reason) ? this.#timedOut(error) : signal.reason
      const [first, ...others] = error instanceof LookupError ? error.partial : []
      if (this.#known !== undefined) return { addresses: this.#known, failure: String(error) }
      if (first === undefined) throw error
      return { addresses: [first, ...others], failure: String(error) }
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
  }

  #timedOut(cause?: unknown): LookupError {
    return new LookupError(this.#host, 'ETIMEOUT', cause)
  }
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError'
}
