import { backOffMs } from './back-off.ts'
import type { Posted } from './post.ts'
import type { Spool, Spooled } from './spool.ts'

/** What a sender works with. */
export type SpoolSenderOptions = {
  spool: Spool
  post: (body: string, key: string, signal: AbortSignal) => Promise<Posted>
  /** becomes the only sender of the host, until the returned function is called; undefined: another is */
  claim: () => Promise<(() => Promise<void>) | undefined>
  /** entries that are older go */
  keepMs: number
  /** told of what goes wrong, once, and of its end */
  onTrouble: (text: string) => void
  random?: () => number
  /** how long until another look when another process sends */
  otherMs?: number
  /** how often to look for what processes that are gone have left */
  idleMs?: number
}

/** Sends what is in a spool, one entry after the other, again and again until it is delivered. */
export class SpoolSender {
  readonly #options: SpoolSenderOptions
  readonly #end = new AbortController()
  readonly #idle: NodeJS.Timeout
  #working: Promise<void> | undefined
  #again: NodeJS.Timeout | undefined
  #interrupt: (() => void) | undefined
  #isAsked = false
  /** what fails now is left to others */
  #isLast = false
  #failures = 0
  #notBefore = 0
  #isTold = false

  constructor(options: SpoolSenderOptions) {
    this.#options = options
    this.#idle = setInterval(() => {
      this.wake()
    }, options.idleMs ?? 30_000)
    this.#idle.unref()
  }

  /** Has a look at the spool, soon; never waits. */
  wake(): void {
    if (this.#end.signal.aborted) return
    this.#isAsked = true
    this.#working ??= this.#work()
  }

  /** Tries once more to get everything out; resolves when that is done or cannot be done now. */
  async flush(): Promise<void> {
    this.#isLast = true
    this.#interrupt?.()
    // What is under way is the last try already.
    if (this.#working === undefined) this.wake()
    await this.#working
  }

  /** Ends the work where it is; what has not been delivered stays in the spool. */
  async close(): Promise<void> {
    clearInterval(this.#idle)
    clearTimeout(this.#again)
    this.#isAsked = false
    this.#end.abort()
    this.#interrupt?.()
    await this.#working
  }

  async #work(): Promise<void> {
    try {
      while (this.#isAsked) {
        this.#isAsked = false
        if ((await this.#options.spool.list()).length === 0) continue
        const release = await this.#options.claim()
        if (release === undefined) {
          this.#lookAgain()
          continue
        }
        try {
          await this.#options.spool.sweep()
          await this.#sendAll()
        } finally {
          await release()
        }
        // What came in after the last look, and before the release that others wait for.
        const isOver = this.#end.signal.aborted || this.#failures > 0
        if (!isOver && (await this.#options.spool.list()).length > 0) this.#isAsked = true
      }
    } catch (error) {
      this.#trouble(String(error))
      this.#lookAgain()
    } finally {
      this.#working = undefined
    }
  }

  #lookAgain(): void {
    if (this.#isLast || this.#end.signal.aborted) return
    clearTimeout(this.#again)
    this.#again = setTimeout(() => {
      this.wake()
    }, this.#options.otherMs ?? 2000).unref()
  }

  async #sendAll(): Promise<void> {
    for (;;) {
      await this.#wait()
      if (this.#end.signal.aborted) return
      if (performance.now() < this.#notBefore) {
        if (this.#isLast) return
        // A timer may be early by a part of a millisecond.
        continue
      }
      const [entry] = await this.#options.spool.list()
      if (entry === undefined) return
      if (!(await this.#send(entry)) && this.#isLast) return
    }
  }

  /** Sends one entry; false when it has to be tried again. */
  async #send(entry: Spooled): Promise<boolean> {
    const { spool, post, keepMs } = this.#options
    const body = await spool.read(entry)
    if (body === undefined || Date.now() - entry.at.getTime() > keepMs) {
      await spool.remove(entry)
      this.#options.onTrouble(
        body === undefined
          ? 'an entry that cannot be read was dropped'
          : 'an entry that is too old was dropped',
      )
      return true
    }
    const posted = await post(body, entry.key, this.#end.signal)
    if (this.#end.signal.aborted && posted.kind === 'failed') return false
    switch (posted.kind) {
      case 'delivered':
        await spool.remove(entry)
        this.#works()
        return true
      case 'refused':
        await spool.remove(entry)
        this.#works()
        this.#options.onTrouble(`an entry was refused for good and dropped: ${posted.reason}`)
        return true
      case 'failed': {
        this.#failures += 1
        const waitMs = posted.retryAfterMs ?? backOffMs(this.#failures, this.#options.random)
        this.#notBefore = performance.now() + waitMs
        this.#mayHurry = posted.retryAfterMs === undefined
        this.#trouble(posted.reason)
        return false
      }
    }
  }

  /** A receiver that has asked for peace gets it, even at the end. */
  #mayHurry = true

  async #wait(): Promise<void> {
    if (this.#isLast && this.#mayHurry) this.#notBefore = 0
    const ms = this.#notBefore - performance.now()
    if (ms <= 0 || this.#isLast) return
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.#interrupt = resolve
      timer = setTimeout(resolve, ms)
      timer.unref()
    })
    clearTimeout(timer)
    this.#interrupt = undefined
    if (this.#isLast && this.#mayHurry) this.#notBefore = 0
  }

  #trouble(text: string): void {
    if (!this.#isTold) this.#options.onTrouble(text)
    this.#isTold = true
  }

  #works(): void {
    this.#failures = 0
    this.#notBefore = 0
    if (this.#isTold) this.#options.onTrouble('works again')
    this.#isTold = false
  }
}
