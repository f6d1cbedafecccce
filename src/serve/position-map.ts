/** Where the alerts of several hosts were read up to; null where a host has no more. */
export type PositionMap = Readonly<Record<string, string | null>>

/** No more bytes are looked at. */
const longest = 16 * 1024

/** Positions as one word, for a cursor or the ID of an event. */
export function encodePositions(positions: PositionMap): string {
  return Buffer.from(JSON.stringify(positions)).toString('base64url')
}

/** Positions out of a word; undefined where it is none of ours. */
export function decodePositions(word: string): PositionMap | undefined {
  if (word.length > longest || !/^[\w-]+$/.test(word)) return undefined
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(word, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
  return isPositionMap(value) ? value : undefined
}

function isPositionMap(value: unknown): value is PositionMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => each === null || typeof each === 'string')
  )
}
