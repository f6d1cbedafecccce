/** One step of a check and how long it took. */
export type Stage = { name: string; ms: number }

/** What was settled with the server or seen of it, for logs and people: dialect, cipher, address, NT status … */
export type Detail = Readonly<Record<string, string | number | boolean>>

/** How deep a check goes; each depth includes the ones before. */
export const depths = ['service', 'share', 'read', 'write'] as const
export type Depth = (typeof depths)[number]

/** The classes of failure, a closed list. */
export type FailureKind =
  /** nothing came back within the deadline */
  | 'timeout'
  /** no connection could be made */
  | 'connect'
  /** the connection broke while an answer was due */
  | 'broken'
  /** the server answered, and said no */
  | 'refused'
  /** the answer breaks the protocol, or its signature is wrong */
  | 'malformed'
  /** the server is alive but asks for patience (NFS grace, DELAY), and the deadline ran out */
  | 'grace'

/** Which alert names the cause: its ID, and what its text leaves open. */
export type Cause = {
  id: number
  /** the error number in brackets */
  nn?: number
  /** the function of alert 42, the whole text of alert 0 */
  text?: string
}

/** The end of one check, as data. */
export type Outcome =
  | { kind: 'ok'; stages: Stage[]; detail: Detail }
  | {
      kind: 'failed'
      stages: Stage[]
      /** the stage it failed in */
      stage: string
      failure: FailureKind
      cause: Cause
      /** one sentence for the log */
      reason: string
      detail: Detail
      /** what the server said no to is who logs in, so that it must be alive */
      isAboutIdentity?: true
      /** what it counts, where that is less than 1: the server is at work */
      weight?: number
    }
  | {
      /** our own side is in trouble; says nothing about the server */
      kind: 'cannot-judge'
      stages: Stage[]
      stage: string
      cause: Cause
      reason: string
      detail: Detail
    }
  | {
      /** the signal was aborted for another reason than the deadline; says nothing about the server */
      kind: 'aborted'
      stages: Stage[]
    }

/**
 * A way of asking one server how it is; remembers only what one check may tell the next.
 *
 * The signal aborts at the deadline with a reason whose name is `TimeoutError` (as that of
 * `AbortSignal.timeout` is), and at a stop or a pause with any other. It never throws.
 */
export type Probe = (signal: AbortSignal) => Promise<Outcome>
