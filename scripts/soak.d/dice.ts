/** Chance that can be repeated: the same seed gives the same numbers (mulberry32). */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** From `least` to just below `most`. */
  between(least: number, most: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return least + (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * (most - least)
  }

  /** One of these. */
  oneOf<T>(things: readonly T[]): T {
    const thing = things[Math.floor(this.between(0, things.length))]
    if (thing === undefined) throw new RangeError('nothing to choose from')
    return thing
  }
}
