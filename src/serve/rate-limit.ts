/** What one address may ask for. */
export type Rate = { burst: number; perSecond: number; addresses: number }

type Account = { left: number; atMs: number }

/** Counts the requests of each address; those that have been silent for longest are forgotten first. */
export class RateLimit {
  readonly #rate: Rate
  readonly #accounts = new Map<string, Account>()

  constructor(rate: Rate) {
    this.#rate = rate
  }

  /** Whether one more request of an address may be answered now. */
  take(address: string, nowMs: number): boolean {
    const { burst, perSecond, addresses } = this.#rate
    const account = this.#accounts.get(address) ?? { left: burst, atMs: nowMs }
    const earned = (Math.max(0, nowMs - account.atMs) / 1000) * perSecond
    const left = Math.min(burst, account.left + earned)
    const isGranted = left >= 1
    this.#accounts.delete(address)
    this.#accounts.set(address, { left: isGranted ? left - 1 : left, atMs: nowMs })
    if (this.#accounts.size > addresses) {
      const [oldest = ''] = this.#accounts.keys()
      this.#accounts.delete(oldest)
    }
    return isGranted
  }

  /** How many addresses are being counted. */
  get size(): number {
    return this.#accounts.size
  }
}
