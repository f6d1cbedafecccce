import { MalformedError } from '../../wire/malformed-error.ts'
import type { Procedure } from '../procedure.ts'
import { expectOk, skipPostOpAttributes } from './protocol.ts'

/** The first bytes of a file, at most so many. */
export type ReadRequest = { handle: Buffer; maxBytes: number }

/** No check asks for more. */
const maxData = 64 * 1024

/** NFSPROC3_READ (RFC 1813 3.3.6), from the start of the file. */
export const read: Readonly<Procedure<ReadRequest, Buffer>> = {
  number: 6,
  encode: (writer, { handle, maxBytes }) => {
    writer.opaque(handle).u64(0n).u32(maxBytes)
  },
  decode: (reader) => {
    expectOk(reader)
    skipPostOpAttributes(reader)
    const byteCount = reader.u32()
    reader.bool()
    const data = reader.opaque(maxData)
    // Linux gives its users an I/O error for this.
    if (byteCount !== data.length) {
      throw new MalformedError(`${byteCount} bytes read, and ${data.length} of them told`)
    }
    return data
  },
}
