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
    reader.skip(12)
    return byteCount
  },
}
