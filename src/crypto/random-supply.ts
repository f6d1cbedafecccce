import { randomFillSync } from 'node:crypto'

/** Random bytes out of a supply that is filled in one go, since each call for a few costs as much as one for many. */
export class RandomSupply {
  readonly #bytes: Buffer
  #used: number

  constructor(byteCount = 1024) {
    this.#bytes = Buffer.alloc(byteCount)
    this.#used = byteCount
  }

  /** Bytes that nobody has had before, and of which none are kept here. */
  take(byteCount: number): Buffer {
    if (this.#used + byteCount > this.#bytes.length) {
      randomFillSync(this.#bytes)
      this.#used = 0
    }
    const kept = this.#bytes.subarray(this.#used, this.#used + byteCount)
    const taken = Buffer.allocUnsafe(byteCount)
    taken.set(kept)
    kept.fill(0)
    this.#used += byteCount
    return taken
  }
}
