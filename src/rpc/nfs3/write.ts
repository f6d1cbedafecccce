import { MalformedError } from '../../wire/malformed-error.ts'
import type { Procedure } from '../procedure.ts'
import { expectOk, skipWccData } from './protocol.ts'

/** Bytes for the start of a file. */
export type WriteRequest = { handle: Buffer; data: Uint8Array }

const fileSync = 2

/** NFSPROC3_WRITE (RFC 1813 3.3.7), answered only once the data is on the disk: how many bytes were taken. */
export const write: Readonly<Procedure<WriteRequest, number>> = {
  number: 7,
  encode: (writer, { handle, data }) => {
    writer.opaque(handle).u64(0n).u32(data.length).u32(fileSync).opaque(data)
  },
  decode: (reader) => {
    expectOk(reader)
    skipWccData(reader)
    const byteCount = reader.u32()
    const committed = reader.u32()
    // A weaker one than was asked for is the server's fault, but no other client minds it either.
    if (committed > fileSync) throw new MalformedError(`data committed in way ${committed}`)
    reader.skip(8)
    return byteCount
  },
}
