import type { Outcome, Probe } from '../probe/probe.ts'
import { atMost } from './at-most.ts'
import type { Clock } from './clock.ts'
import { leastWorkBytes, workBetween, type ReadWork, type WorkDone } from './work-done.ts'

/** How a server that is silent, but at work, is weighed. */
export type ProgressParts = {
  clock: Clock
  readWork: ReadWork
  /** whether an address is one of this host's */
  isOwn: (address: string) => boolean
  /** what a failure of such a server counts, less than 1 */
  weight: number
}

/** A reading of /proc may take no longer: it must be over before the probe counts as one that does not come back. */
const patienceMs = 400

/**
 * A probe whose time-outs weigh less when a server on this host has read and written for others meanwhile. What
 * counts is the work of those who were there when the check began, so that our own connection is none of it.
 */
export function weighProgress(probe: Probe, parts: ProgressParts): Probe {
  return async (signal) => {
    const before = await reading(parts)
    const outcome = await probe(signal)
    if (outcome.kind !== 'failed' || outcome.failure !== 'timeout') return outcome
    const { address } = outcome.detail
    if (typeof address !== 'string' || !parts.isOwn(address)) return outcome
    const after = await reading(parts)
    if (before === undefined || after === undefined) return outcome
    return weighed(outcome, workBetween(before, after), parts.weight)
  }
}

function weighed(
  outcome: Extract<Outcome, { kind: 'failed' }>,
  workBytes: number,
  weight: number,
): Outcome {
  if (workBytes < leastWorkBytes) return outcome
  return { ...outcome, weight, detail: { ...outcome.detail, workBytes } }
}

async function reading({ clock, readWork }: ProgressParts): Promise<WorkDone | undefined> {
  let found: WorkDone | undefined
  const read = async (): Promise<void> => {
    found = await readWork()
  }
  await atMost(clock, patienceMs, read())
  return found
}
