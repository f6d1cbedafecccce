import type { XdrReader } from '../xdr-reader.ts'
import type { XdrWriter } from '../xdr-writer.ts'
import type { Exchanged } from './exchange-id.ts'
import type { Operation } from './operation.ts'

/** How many bytes a session's name has (RFC 8881 3.3.13). */
export const sessionIdBytes = 16

/** A session's name, and how many operations one compound may have in it, SEQUENCE included. */
export type CreatedSession = { sessionId: Buffer; maxOperations: number }

const wantedOperations = 16

/** CREATE_SESSION (RFC 8881 18.36), without a way back for callbacks. */
export function createSession({ clientId, sequenceId }: Exchanged): Operation<CreatedSession> {
  return {
    number: 43,
    name: 'CREATE_SESSION',
    encode: (writer) => {
      writer.u64(clientId).u32(sequenceId).u32(0)
      encodeChannel(writer, 64 * 1024, wantedOperations)
      encodeChannel(writer, 4096, 2)
      // Callbacks would have to come without credentials; none are asked for.
      writer.u32(0x4000_0000).u32(1).u32(0)
    },
    decode: (reader) => {
      const sessionId = reader.fixed(sessionIdBytes)
      reader.skip(8)
      const maxOperations = decodeChannel(reader)
      decodeChannel(reader)
      return { sessionId, maxOperations }
    },
  }
}

/** channel_attrs4, with one slot and nothing kept for a retry. */
function encodeChannel(writer: XdrWriter, maxBytes: number, operations: number): void {
  writer.u32(0).u32(maxBytes).u32(maxBytes).u32(0).u32(operations).u32(1).u32(0)
}

function decodeChannel(reader: XdrReader): number {
  reader.skip(16)
  const maxOperations = reader.u32()
  reader.skip(4)
  reader.skip(reader.count(1) * 4)
  return maxOperations
}
