import { MalformedError } from '../../wire/malformed-error.ts'
import type { Reader } from '../../wire/reader.ts'
import { Writer } from '../../wire/writer.ts'
import { headerBytes } from '../header.ts'

/** What a share is for ([MS-SMB2] 2.2.10). */
export const shareType = { disk: 1, pipe: 2, printer: 3 } as const

export type TreeConnectResponse = { shareType: number; shareFlags: number }

/** Asks for a share by its full name, \\server\share ([MS-SMB2] 2.2.9). */
export function encodeTreeConnect(path: string): Buffer {
  const name = Buffer.from(path, 'utf16le')
  return new Writer(8 + name.length)
    .u16le(9)
    .u16le(0)
    .u16le(headerBytes + 8)
    .u16le(name.length)
    .put(name)
    .done()
}

/** Decodes what the share is. */
export function decodeTreeConnect(body: Reader): TreeConnectResponse {
  if (body.u16le() !== 16) throw new MalformedError('an answer to TREE_CONNECT of another size')
  const type = body.u8()
  body.skip(1)
  const shareFlags = body.u32le()
  body.skip(8) // capabilities, and the most that this user may do
  return { shareType: type, shareFlags }
}
