import type { Field } from './field.ts'

/** A change to a message, with words for the report. */
export type Change = { kind: string; what: string; change: (message: Buffer) => Buffer }

/** One bit turned round, for each of the bits chosen. */
export function* bitFlips(bits: Iterable<number>): Generator<Change> {
  for (const bit of bits) {
    yield {
      kind: 'bit flipped',
      what: `byte ${bit >> 3}, bit ${bit & 7}`,
      change: (message) => {
        const at = bit >> 3
        if (at < message.length) message.writeUInt8(message.readUInt8(at) ^ (1 << (bit & 7)), at)
        return message
      },
    }
  }
}

/** Each field with the values that programs stumble over. */
export function* fieldValues(fields: readonly Field[], order: 'le' | 'be'): Generator<Change> {
  for (const { name, at, bytes } of fields) {
    if (bytes === 0 || bytes > 8) continue
    for (const [what, value] of oddValues(bytes)) {
      yield {
        kind: 'field set',
        what: `${name} (at ${at}): ${what}`,
        change: (message) => {
          if (at + bytes > message.length) return message
          const was = readNumber(message, at, bytes, order)
          writeNumber(message, at, bytes, order, value(was))
          return message
        },
      }
    }
  }
}

function oddValues(bytes: number): [string, (was: bigint) => bigint][] {
  const max = (1n << BigInt(bytes * 8)) - 1n
  return [
    ['0', () => 0n],
    ['1', () => 1n],
    ['the greatest', () => max],
    ['the greatest with a sign', () => max >> 1n],
    ['one more', (was) => (was + 1n) & max],
    ['one less', (was) => (was - 1n) & max],
  ]
}

function readNumber(message: Buffer, at: number, bytes: number, order: 'le' | 'be'): bigint {
  const part = Buffer.from(message.subarray(at, at + bytes))
  if (order === 'le') part.reverse()
  return BigInt(`0x${part.toString('hex')}`)
}

function writeNumber(
  message: Buffer,
  at: number,
  bytes: number,
  order: 'le' | 'be',
  value: bigint,
): void {
  const part = Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex')
  if (order === 'le') part.reverse()
  part.copy(message, at)
}

/** The first so many bytes alone. */
export function cutTo(length: number): Change {
  return {
    kind: 'cut short',
    what: `to ${length} bytes`,
    change: (message) => message.subarray(0, length),
  }
}

/** Some of the numbers below a limit: all of them, or a sample that a seed chooses. */
export function* sample(
  from: number,
  to: number,
  share: number,
  random: Random,
): Generator<number> {
  for (let i = from; i < to; i++) if (share >= 1 || random() < share) yield i
}

/** Numbers from 0 up to 1. */
export type Random = () => number

/** Numbers that the same seed gives again (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
