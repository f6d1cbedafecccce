import { MalformedError } from '../../wire/malformed-error.ts'
import type { Operation } from './operation.ts'

/**
 * Who a client says it is: the same id with another verifier is the same client started anew, and the
 * server throws away what it still has of the old one.
 */
export type ClientOwner = { id: string; verifier: Buffer }

/** What EXCHANGE_ID gives. */
export type Exchanged = { clientId: bigint; sequenceId: number }

const maxOpaqueBytes = 1024

/** EXCHANGE_ID (RFC 8881 18.35), without state protection. */
export function exchangeId(owner: ClientOwner): Operation<Exchanged> {
  return {
    number: 42,
    name: 'EXCHANGE_ID',
    encode: (writer) => {
      writer.fixed(owner.verifier).text(owner.id).u32(0).u32(0).u32(0)
    },
    decode: (reader) => {
      const clientId = reader.u64()
      const sequenceId = reader.u32()
      reader.skip(4)
      const protection = reader.u32()
      if (protection !== 0) throw new MalformedError(`state protection ${protection}`)
      reader.skip(8)
      reader.opaque(maxOpaqueBytes)
      reader.opaque(maxOpaqueBytes)
      for (let left = reader.count(1); left > 0; left--) {
        reader.opaque(maxOpaqueBytes)
        reader.opaque(maxOpaqueBytes)
        reader.skip(12)
      }
      return { clientId, sequenceId }
    },
  }
}
