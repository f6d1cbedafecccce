import { MalformedError } from '../../wire/malformed-error.ts'
import type { Reader } from '../../wire/reader.ts'
import { Writer } from '../../wire/writer.ts'

/** Closes a file ([MS-SMB2] 2.2.15). */
export function encodeClose(fileId: Buffer): Buffer {
  return new Writer(24).u16le(24).zeros(6).put(fileId).done()
}

/** Checks that it is closed ([MS-SMB2] 2.2.16). */
export function decodeClose(body: Reader): void {
  if (body.u16le() !== 60) throw new MalformedError('an answer to CLOSE of another size')
  body.skip(58)
}
