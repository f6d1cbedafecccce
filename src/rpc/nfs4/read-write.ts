import { MalformedError } from '../../wire/malformed-error.ts'
import { bytesRead } from '../bytes-read.ts'
import type { Operation } from './operation.ts'

/** How many bytes a stateid has (RFC 8881 3.3.12). */
export const stateIdBytes = 16

/** The stateid of one who has not opened the file (RFC 8881 8.2.3). */
export const anonymousStateId = Buffer.alloc(stateIdBytes)

/** No check asks for more. */
const maxData = 64 * 1024

const fileSync = 2

/** READ (RFC 8881 18.22) from the start of the file. */
export function read(stateId: Buffer, maxBytes: number): Operation<Buffer> {
  return {
    number: 25,
    name: 'READ',
    encode: (writer) => {
      writer.fixed(stateId).u64(0n).u32(maxBytes)
    },
    decode: (reader) => {
      const isEnd = reader.bool()
      return bytesRead(reader.opaque(maxData), isEnd, maxBytes)
    },
  }
}

/** WRITE (RFC 8881 18.32), answered only once the data is on the disk: how many bytes were taken. */
export function write(stateId: Buffer, data: Uint8Array): Operation<number> {
  return {
    number: 38,
    name: 'WRITE',
    encode: (writer) => {
      writer.fixed(stateId).u64(0n).u32(fileSync).opaque(data)
    },
    decode: (reader) => {
      const byteCount = reader.u32()
      const committed = reader.u32()
      // A weaker one than was asked for is the server's fault, but no other client minds it either.
      if (committed > fileSync) throw new MalformedError(`data committed in way ${committed}`)
      reader.skip(8)
      return byteCount
    },
  }
}
