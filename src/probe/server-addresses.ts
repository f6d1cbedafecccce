import { isIP } from 'node:net'
import { LookupError } from '../wire/lookup-error.ts'
import { resolveHost } from '../wire/resolve.ts'

type Addresses = [string, ...string[]]

/** How long a look-up may take where its answer is only to confirm what is known. */
const confirmationMs = 500

/** The addresses of one server; a name service that fails later on does not take them away again. */
export class ServerAddresses {
  readonly #host: string
  readonly #resolve: typeof resolveHost
  #known: Addresses | undefined

  constructor(host: string, resolve: typeof resolveHost = resolveHost) {
    this.#host = host
    this.#resolve = resolve
    if (isIP(host) !== 0) this.#known = [host]
  }

  /** Whether there is a name to look up at all. */
  get isNamed(): boolean {
    return isIP(this.#host) === 0
  }

  /** What to connect to, in this order; a look-up that hangs says nothing about the server. */
  async find(signal: AbortSignal): Promise<Addresses> {
    if (this.#known !== undefined && !this.isNamed) return this.#known
    signal.throwIfAborted()
    const limited = new AbortController()
    const onAbort = () => {
      limited.abort(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    const timer =
      this.#known === undefined ? undefined : setTimeout(() => limited.abort(), confirmationMs)
    try {
      this.#known = await this.#resolve(this.#host, limited.signal)
    } catch (error) {
      if (signal.aborted) throw isTimeout(signal.reason) ? this.#timedOut(error) : signal.reason
      if (this.#known === undefined) throw error
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
    return this.#known
  }

  #timedOut(cause: unknown): LookupError {
    return new LookupError(this.#host, 'ETIMEOUT', cause)
  }
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError'
}
