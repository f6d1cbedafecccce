import type { Terms } from './key.ts'

/** A license that lies in the store, as far as it could be read. */
export type HeldLicense = {
  product: string
  serial: string
  /** none when its key is not good for its serial */
  terms: Terms | undefined
  /** who else has it: another machine's host, or this one a second time */
  overlapsWith?: string
}

/** What the licenses of a server come to on a day. */
export type LicenseVerdict =
  /** good without an end, or with one: `daysLeft` is 0 on the last day */
  | { kind: 'good'; alertId: undefined; serial: string; until?: number; daysLeft?: number }
  | { kind: 'trial'; alertId: 52; serial: string; until: number; daysLeft: number }
  | { kind: 'none'; alertId: 51 }
  | { kind: 'expired'; alertId: 53; serial: string; until: number }
  | { kind: 'unreadable'; alertId: 54; reason: string }
  | { kind: 'not-yet'; alertId: 55; serial: string; from: number }
  | { kind: 'overlap'; alertId: 56; serial: string; with: string }

/** Judges the licenses for a product; the best of several counts. */
export function checkLicense(
  held: readonly HeldLicense[],
  today: number,
  product: string,
): LicenseVerdict {
  const ours = held.filter((license) => license.product === product)
  const readable = ours.flatMap(({ terms, serial, overlapsWith }) =>
    terms === undefined ? [] : [{ ...terms, serial, overlapsWith }],
  )
  const current = readable.filter(({ from, until }) => from <= today && today <= (until || today))
  const best = current
    .filter(({ overlapsWith }) => overlapsWith === undefined)
    .toSorted((a, b) => (b.until || Infinity) - (a.until || Infinity) || rank(a) - rank(b))[0]
  if (best !== undefined) return valid(best, today)
  const [overlapping] = current
  if (overlapping !== undefined) {
    const { serial, overlapsWith = '' } = overlapping
    return { kind: 'overlap', alertId: 56, serial, with: overlapsWith }
  }
  const [next] = readable.filter(({ from }) => from > today).toSorted((a, b) => a.from - b.from)
  if (next !== undefined) {
    return { kind: 'not-yet', alertId: 55, serial: next.serial, from: next.from }
  }
  const [last] = readable.toSorted((a, b) => b.until - a.until)
  if (last !== undefined) {
    return { kind: 'expired', alertId: 53, serial: last.serial, until: last.until }
  }
  const [unreadable] = ours
  if (unreadable !== undefined) {
    return { kind: 'unreadable', alertId: 54, reason: `the key of ${unreadable.serial}` }
  }
  return { kind: 'none', alertId: 51 }
}

function valid({ division, serial, until }: Terms & { serial: string }, today: number) {
  if (until === 0) return { kind: 'good', alertId: undefined, serial } as const
  const end = { serial, until, daysLeft: until - today }
  return division === 'trial'
    ? ({ kind: 'trial', alertId: 52, ...end } as const)
    : ({ kind: 'good', alertId: undefined, ...end } as const)
}

function rank({ division }: Terms): number {
  return division === 'product' ? 0 : 1
}
