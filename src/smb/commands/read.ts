import { MalformedError } from '../../wire/malformed-error.ts'
import type { Reader } from '../../wire/reader.ts'
import { Writer } from '../../wire/writer.ts'

/** Asks for the first bytes of a file ([MS-SMB2] 2.2.19). */
export function encodeRead(fileId: Buffer, byteCount: number): Buffer {
  return new Writer(49)
    .u16le(49)
    .u8(0x50) // where an answer's data best begins
    .u8(0)
    .u32le(byteCount)
    .zeros(8)
    .put(fileId)
    .zeros(16)
    .zeros(1) // the buffer may not be empty
    .done()
}

/** Decodes what was read ([MS-SMB2] 2.2.20). */
export function decodeRead(body: Reader): Buffer {
  if (body.u16le() !== 17) throw new MalformedError('an answer to READ of another size')
  const offset = body.u8()
  body.skip(1)
  const length = body.u32le()
  body.skip(8)
  if (length > 0 && offset < body.at) throw new MalformedError('data before the end of its header')
  return body.slice(offset, length)
}
