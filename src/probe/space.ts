import type { Outcome, Probe } from './probe.ts'

/** What is left of the file system behind a share or an export, for who asks. */
export type Space = { freeBytes: number; totalBytes: number }

/** What became of asking for it; a server that refuses need not be asked again. */
export type Measured =
  | { kind: 'measured'; space: Space }
  | { kind: 'refused'; reason: string }
  | { kind: 'failed'; reason: string }

/** Asks a server how much space is left; says nothing about how it is, and never rejects. */
export type MeasureSpace = (signal: AbortSignal) => Promise<Measured>

/** The stage in which the space is asked for. */
export const spaceStage = 'space'

/** Makes a measurement of a check that looks at the space on its way, and tells `found` of it. */
export function measureBy(
  makeProbe: (found: (space: Partial<Space>) => void) => Probe,
): MeasureSpace {
  let last: Partial<Space> | undefined
  const probe = makeProbe((space) => {
    last = space
  })
  return async (signal) => {
    last = undefined
    return measuredBy(await probe(signal), last)
  }
}

function measuredBy(outcome: Outcome, space: Partial<Space> | undefined): Measured {
  // Taking leave may fail when all has been said.
  if (space?.freeBytes !== undefined && space.totalBytes !== undefined) {
    return { kind: 'measured', space: { freeBytes: space.freeBytes, totalBytes: space.totalBytes } }
  }
  if (outcome.kind === 'ok') {
    return { kind: 'refused', reason: 'the server does not tell how much space is left' }
  }
  if (outcome.kind === 'aborted') return { kind: 'failed', reason: 'called off' }
  const { reason } = outcome
  const isRefused =
    outcome.kind === 'failed' && outcome.failure === 'refused' && outcome.stage === spaceStage
  return { kind: isRefused ? 'refused' : 'failed', reason }
}
