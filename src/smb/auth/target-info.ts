import { MalformedError } from '../../wire/malformed-error.ts'
import { Reader } from '../../wire/reader.ts'
import { Writer } from '../../wire/writer.ts'

/** The kinds of AV_PAIR that matter to a login ([MS-NLMP] 2.2.2.1). */
export const avId = {
  endOfList: 0,
  flags: 6,
  timestamp: 7,
  targetName: 9,
  channelBindings: 10,
} as const

/** What the server says about itself, in its order. */
export type AvPair = { id: number; value: Buffer }

/** Decodes a sequence of AV_PAIRs up to its end mark; no target information at all is an empty one. */
export function decodeTargetInfo(bytes: Buffer): AvPair[] {
  const pairs: AvPair[] = []
  if (bytes.length === 0) return pairs
  const reader = new Reader(bytes)
  for (;;) {
    const id = reader.u16le()
    const value = reader.take(reader.u16le())
    if (id === avId.endOfList) {
      if (value.length !== 0)
        throw new MalformedError('the end of the target information has a value')
      return pairs
    }
    pairs.push({ id, value })
  }
}

/** Encodes AV_PAIRs and their end mark. */
export function encodeTargetInfo(pairs: readonly AvPair[]): Buffer {
  const writer = new Writer(256)
  for (const { id, value } of pairs) writer.u16le(id).u16le(value.length).put(value)
  return writer.u32le(avId.endOfList).done()
}
