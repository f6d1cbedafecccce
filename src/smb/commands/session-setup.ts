import { MalformedError } from '../../wire/malformed-error.ts'
import type { Reader } from '../../wire/reader.ts'
import { Writer } from '../../wire/writer.ts'
import { headerBytes } from '../header.ts'

/** What a session turned out to be ([MS-SMB2] 2.2.6). */
export const sessionFlags = { guest: 1, anonymous: 2, sealed: 4 } as const

export type SessionSetupResponse = { flags: number; token: Buffer }

/** One step of a login ([MS-SMB2] 2.2.5). */
export function encodeSessionSetup(securityMode: number, token: Buffer): Buffer {
  return new Writer(24 + token.length)
    .u16le(25)
    .u8(0) // not a further channel of an existing session
    .u8(securityMode)
    .u32le(0)
    .u32le(0)
    .u16le(headerBytes + 24)
    .u16le(token.length)
    .zeros(8) // no earlier session to replace
    .put(token)
    .done()
}

/** Decodes the server's step. */
export function decodeSessionSetup(body: Reader): SessionSetupResponse {
  if (body.u16le() !== 9) throw new MalformedError('an answer to SESSION_SETUP of another size')
  const flags = body.u16le()
  const offset = body.u16le()
  const length = body.u16le()
  return { flags, token: length === 0 ? Buffer.alloc(0) : body.slice(offset, length) }
}
