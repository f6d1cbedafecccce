/** A turn counts when so much of the way back up was gone. */
const turnShare = 0.3
/** So many turns, of the last day, make a habit. */
const habit = 3
const rememberedMs = 24 * 60 * 60 * 1000
const mostTurns = 50
/** Nearer to the limit than the habit goes is news. */
const nearer = 0.9

/**
 * Remembers from how near to its limit something has come back by itself. What does so regularly, as a log that
 * is rotated or memory that is collected, is on its way to its turn, and not to its limit.
 */
export class SawTeeth {
  #turns: { atMs: number; margin: number }[] = []
  #lowest = Infinity
  #highest = -Infinity

  /** Takes note of a margin. */
  add(atMs: number, margin: number): void {
    this.#turns = this.#turns.filter((turn) => atMs - turn.atMs < rememberedMs).slice(-mostTurns)
    if (margin < this.#lowest) this.#lowest = margin
    else if (margin > this.#lowest + (this.#highest - this.#lowest) * turnShare) {
      if (this.#highest > this.#lowest) this.#turns.push({ atMs, margin: this.#lowest })
      this.#lowest = margin
      this.#highest = margin
    }
    this.#highest = Math.max(this.#highest, margin)
  }

  /** Whether a margin is one from which it has come back by itself, again and again. */
  isUsual(margin: number): boolean {
    if (this.#turns.length < habit) return false
    const margins = this.#turns.map((turn) => turn.margin).toSorted((one, other) => one - other)
    const usual = margins[Math.floor(margins.length / 2)] ?? 0
    return margin > usual * nearer
  }
}
