/** The waits of a loop, which all end at once when the loop is to. */
export class Rest {
  #isOver = false
  #wake: () => void = () => undefined

  /** Whether nothing is to be waited for any more. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Ends the wait that is under way, and every later one. */
  end(): void {
    this.#isOver = true
    this.#wake()
  }

  /** Waits for so long, or until the end. */
  async wait(ms: number): Promise<void> {
    if (this.#isOver) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = () => undefined
  }
}
