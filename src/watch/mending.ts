import type { Detail } from '../probe/probe.ts'

/** What a repair has come to, for alert 106. */
export type Account = { text: string; detail: Detail }

/** One repair of a server whose retries are used up; what it waits for is bounded, and it never rejects. */
export type Mending = {
  /** Does what comes next, after a check that has failed; resolves when the server is to be checked, or given up. */
  goOn: () => Promise<'check' | 'give-up'>
  /** Ends what is under way; resolves when nothing of it is left, or cannot be ended. */
  abandon: () => Promise<void>
  /** The repair is over; says what it came to. */
  conclude: (how: 'mended' | 'not-mended' | 'broken-off') => Account
}

/** Begins to repair a server; undefined where that may not be. */
export type BeginMending = () => Mending | undefined
