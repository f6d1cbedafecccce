import { leastMs, promisedMs, type Patience } from './patience.ts'

/** When a server was harmed, by the clock of the soak: each change lies somewhere between two moments. */
export type Outage = {
  /** before it was harmed, and when it surely was */
  fromMs: number
  harmedMs: number
  /** when healing began, and when nothing of the fault can be left */
  healingMs: number
  toMs: number
}

/** How a monitor ended. */
export type End = { atMs: number; status: number | null }

/** What a monitor made of an outage, held against the truth. */
export type Judgement =
  /** too short to be one, and taken for none */
  | 'survived'
  /** found, and not sooner than it can be told */
  | 'found'
  /** the monitor ended though there was no fault, or not one that lasted long enough, or not with 1 */
  | 'false'
  /** it lasted for longer than the promise and all patience with this machine, and nobody said so */
  | 'missed'
  /** neither short nor long: whatever happened is right */
  | 'unclear'

/** A busy machine may make a monitor so much later than it promises. */
export const slackMs = 10_000

/** Holds the end of a monitor, or that it did not end, against the truth; without an outage it must live. */
export function judge(
  patience: Patience,
  outage: Outage | undefined,
  end: End | undefined,
): Judgement {
  if (outage === undefined) return end === undefined ? 'survived' : 'false'
  const { fromMs, harmedMs, healingMs, toMs } = outage
  const couldBeLong = toMs - fromMs >= leastMs(patience)
  if (end !== undefined) {
    const isRight = couldBeLong && end.status === 1 && end.atMs - fromMs >= leastMs(patience)
    if (!isRight) return 'false'
    return end.atMs - harmedMs > promisedMs(patience) + slackMs ? 'missed' : 'found'
  }
  if (!couldBeLong) return 'survived'
  return healingMs - harmedMs > promisedMs(patience) + slackMs ? 'missed' : 'unclear'
}
