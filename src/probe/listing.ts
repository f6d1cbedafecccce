import type { Outcome } from './probe.ts'

/** What became of asking a server for a list; there is one only where the outcome is ok. */
export type Listing<T> = { outcome: Outcome; found: T | undefined }
