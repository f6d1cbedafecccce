import { MalformedError } from '../../wire/malformed-error.ts'
import type { Reader } from '../../wire/reader.ts'
import { Writer } from '../../wire/writer.ts'
import { headerBytes } from '../header.ts'

/** Write to the disk itself before answering; 2.0.2 does not know it ([MS-SMB2] 2.2.21). */
export const writeThrough = 1

/** Writes the first bytes of a file ([MS-SMB2] 2.2.21). */
export function encodeWrite(fileId: Buffer, data: Buffer, flags: number): Buffer {
  return new Writer(48 + data.length)
    .u16le(49)
    .u16le(headerBytes + 48)
    .u32le(data.length)
    .zeros(8)
    .put(fileId)
    .zeros(12)
    .u32le(flags)
    .put(data)
    .done()
}

/** Decodes how many bytes were written ([MS-SMB2] 2.2.22). */
export function decodeWrite(body: Reader): number {
  if (body.u16le() !== 17) throw new MalformedError('an answer to WRITE of another size')
  body.skip(2)
  const written = body.u32le()
  body.skip(8)
  return written
}
