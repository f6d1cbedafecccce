import { MalformedError } from '../../wire/malformed-error.ts'
import type { Reader } from '../../wire/reader.ts'

/** The body of TREE_DISCONNECT and LOGOFF, both ways: there is nothing to say ([MS-SMB2] 2.2.7, 2.2.11). */
export const emptyBody = Buffer.from([4, 0, 0, 0])

/** Checks an answer that has nothing to say. */
export function decodeEmptyBody(body: Reader): void {
  if (body.u16le() !== 4) throw new MalformedError('an empty answer of another size')
  body.skip(2)
}
