import { MalformedError } from '../wire/malformed-error.ts'
import { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'

/** The kinds of messages that are sent or understood here (C706 12.6). */
export const pduType = {
  request: 0,
  response: 2,
  fault: 3,
  bind: 11,
  bindAck: 12,
  bindNak: 13,
} as const

/** How many bytes the header has that all kinds share. */
const commonHeaderBytes = 16

/** The longest fragment that is sent, and that is asked for: what servers of files usually choose. */
export const usualFragmentBytes = 4280

/** Little-endian, ASCII, IEEE floats (C706 14.1): the only one that servers of files use. */
const littleEndian = 0x10
const firstFragment = 1
const lastFragment = 2

/** One fragment of a message. */
export type Fragment = { type: number; isFirst: boolean; isLast: boolean; body: Buffer }

/** Puts the header before the body of a message that is one fragment (C706 12.6.3.1). */
export function encodeFragment(type: number, callId: number, body: Uint8Array): Buffer {
  return new Writer(commonHeaderBytes + body.length)
    .u8(5)
    .u8(0)
    .u8(type)
    .u8(firstFragment | lastFragment)
    .u32le(littleEndian)
    .u16le(commonHeaderBytes + body.length)
    .u16le(0)
    .u32le(callId)
    .put(body)
    .done()
}

/** How long the fragment is that begins with these bytes; undefined while too few have come to tell. */
export function fragmentBytes(bytes: Buffer): number | undefined {
  if (bytes.length < commonHeaderBytes) return undefined
  const length = new Reader(bytes, 8).u16le()
  if (length < commonHeaderBytes) throw new MalformedError(`a fragment of ${length} bytes`)
  return length
}

/** Decodes one whole fragment of the answer to a call. */
export function decodeFragment(bytes: Buffer, callId: number): Fragment {
  const reader = new Reader(bytes)
  const version = reader.u8()
  const minor = reader.u8()
  if (version !== 5 || minor > 1) throw new MalformedError(`DCE/RPC version ${version}.${minor}`)
  const type = reader.u8()
  const flags = reader.u8()
  if (reader.u8() !== littleEndian) throw new MalformedError('numbers in another order')
  reader.skip(3)
  const length = reader.u16le()
  if (length !== bytes.length) throw new MalformedError(`a fragment of ${length} bytes`)
  if (reader.u16le() !== 0) throw new MalformedError('a proof of identity that was not asked for')
  if (reader.u32le() !== callId) throw new MalformedError('an answer to another call')
  return {
    type,
    isFirst: (flags & firstFragment) !== 0,
    isLast: (flags & lastFragment) !== 0,
    body: reader.rest(),
  }
}
