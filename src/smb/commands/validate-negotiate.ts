import { MalformedError } from '../../wire/malformed-error.ts'
import type { Reader } from '../../wire/reader.ts'
import { Writer } from '../../wire/writer.ts'
import { headerBytes } from '../header.ts'

/** FSCTL_VALIDATE_NEGOTIATE_INFO ([MS-SMB2] 2.2.31). */
const controlCode = 0x00140204
const noFile = Buffer.alloc(16, 0xff)
const answerBytes = 24

/** What both sides repeat under a signature, so that nobody in between can have changed it. */
export type NegotiatedInfo = {
  capabilities: number
  guid: Buffer
  securityMode: number
}

/** An IOCTL that repeats our NEGOTIATE ([MS-SMB2] 2.2.31.4). */
export function encodeValidateNegotiate(said: NegotiatedInfo, dialects: readonly number[]): Buffer {
  const writer = new Writer(128)
    .u16le(57)
    .u16le(0)
    .u32le(controlCode)
    .put(noFile)
    .u32le(headerBytes + 56)
    .u32le(24 + dialects.length * 2)
    .u32le(0)
    .u32le(0)
    .u32le(0)
    .u32le(answerBytes)
    .u32le(1) // a file-system control
    .u32le(0)
    .u32le(said.capabilities)
    .put(said.guid)
    .u16le(said.securityMode)
    .u16le(dialects.length)
  for (const offered of dialects) writer.u16le(offered)
  return writer.done()
}

/** Decodes the server's repetition of its answer ([MS-SMB2] 2.2.32.6). */
export function decodeValidateNegotiate(body: Reader): NegotiatedInfo & { dialect: number } {
  if (body.u16le() !== 49) throw new MalformedError('an answer to IOCTL of another size')
  body.skip(2)
  if (body.u32le() !== controlCode) throw new MalformedError('an answer to another IOCTL')
  body.skip(16 + 8)
  const offset = body.u32le()
  const length = body.u32le()
  if (length !== answerBytes) throw new MalformedError('a NEGOTIATE repeated in another size')
  body.slice(offset, length)
  body.seek(offset)
  return {
    capabilities: body.u32le(),
    guid: body.take(16),
    securityMode: body.u16le(),
    dialect: body.u16le(),
  }
}
