import { MalformedError } from '../../wire/malformed-error.ts'
import { bytesRead } from '../bytes-read.ts'
import type { Procedure } from '../procedure.ts'
import { expectOk, skipPostOpAttributes } from './protocol.ts'

/** No check asks for more. */
const maxData = 64 * 1024

/** NFSPROC3_READ (RFC 1813 3.3.6) of a file by its handle: so many bytes at most, from its start. */
export function read(maxBytes: number): Procedure<Buffer, Buffer> {
  return {
    number: 6,
    encode: (writer, handle) => {
      writer.opaque(handle).u64(0n).u32(maxBytes)
    },
    decode: (reader) => {
      expectOk(reader)
      skipPostOpAttributes(reader)
      const byteCount = reader.u32()
      const isEnd = reader.bool()
      const data = reader.opaque(maxData)
      // Linux gives its users an I/O error for this.
      if (byteCount !== data.length) {
        throw new MalformedError(`${byteCount} bytes read, and ${data.length} of them told`)
      }
      return bytesRead(data, isEnd, maxBytes)
    },
  }
}
