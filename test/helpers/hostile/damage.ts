import * as fc from 'fast-check'

/** One thing done to some bytes; places and lengths count modulo what there is. */
export type Damage =
  | { kind: 'set'; at: number; value: number }
  | { kind: 'flip'; at: number; bit: number }
  | { kind: 'number'; at: number; bytes: 2 | 4; value: number; big: boolean }
  | { kind: 'cut'; length: number }
  | { kind: 'insert'; at: number; bytes: Uint8Array }
  | { kind: 'remove'; at: number; count: number }
  | { kind: 'repeat'; at: number; count: number }

/** The numbers that programs stumble over. */
const small = [0, 1, 2, 3, 4, 7, 8, 12, 16, 63, 64, 65, 127, 128, 255, 256, 400, 1024, 4096]
const large = [0x7fff, 0xffff, 0x10000, 0x40000, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff]
const oddNumber = fc.constantFrom(...small, ...large)
const place = fc.nat(511)

const one: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: place, value: fc.nat(255) }),
  fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
  fc.record({
    kind: fc.constant('number' as const),
    at: place,
    bytes: fc.constantFrom(2 as const, 4 as const),
    value: oddNumber,
    big: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('cut' as const), length: place }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: place,
    bytes: fc.uint8Array({ maxLength: 16 }),
  }),
  fc.record({ kind: fc.constant('remove' as const), at: place, count: fc.nat(32) }),
  fc.record({ kind: fc.constant('repeat' as const), at: place, count: fc.nat(64) }),
)

/** Things done to bytes, one after the other; fewer and smaller ones are looked for where one breaks something. */
export const damages: fc.Arbitrary<Damage[]> = fc.array(one, { minLength: 1, maxLength: 4 })

/** The bytes after all that. */
export function damaged(example: Buffer, all: readonly Damage[]): Buffer {
  let bytes: Buffer = Buffer.from(example)
  for (const damage of all) bytes = apply(bytes, damage)
  return bytes
}

function apply(bytes: Buffer, damage: Damage): Buffer {
  const size = bytes.length
  const at = 'at' in damage ? damage.at % (size + 1) : 0
  switch (damage.kind) {
    case 'set':
      if (at < size) bytes.writeUInt8(damage.value, at)
      return bytes
    case 'flip':
      if (at < size) bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << damage.bit), at)
      return bytes
    case 'number': {
      const start = Math.min(at, size - damage.bytes)
      if (start < 0) return bytes
      const value = damage.bytes === 2 ? damage.value % 0x10000 : damage.value
      if (damage.big) bytes.writeUIntBE(value, start, damage.bytes)
      else bytes.writeUIntLE(value, start, damage.bytes)
      return bytes
    }
    case 'cut':
      return bytes.subarray(0, damage.length % (size + 1))
    case 'insert':
      return Buffer.concat([bytes.subarray(0, at), damage.bytes, bytes.subarray(at)])
    case 'remove':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + damage.count)])
    case 'repeat': {
      const part = bytes.subarray(at, at + damage.count)
      return Buffer.concat([bytes.subarray(0, at), part, part, bytes.subarray(at)])
    }
  }
}
