import { MalformedError } from '../wire/malformed-error.ts'
import { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import { DcerpcError } from './dcerpc-error.ts'
import { usualFragmentBytes } from './fragment.ts'
import { ndr, type Syntax } from './interface.ts'

/** Asks for one interface, in NDR (C706 12.6.4.3). */
export function encodeBind(wanted: Syntax): Buffer {
  const writer = new Writer(56)
    .u16le(usualFragmentBytes)
    .u16le(usualFragmentBytes)
    .u32le(0) // a new association
    .u8(1)
    .zeros(3)
    .u16le(0)
    .u8(1)
    .zeros(1)
  for (const { uuid, major, minor } of [wanted, ndr]) writer.put(uuid).u16le(major).u16le(minor)
  return writer.done()
}

/** Checks that the interface was granted (C706 12.6.4.4); throws a DcerpcError where it was not. */
export function decodeBindAck(body: Buffer): void {
  const reader = new Reader(body)
  reader.skip(8)
  // The name of the pipe, then the results at a multiple of four, which the header before it does not change.
  reader.skip(reader.u16le())
  reader.align(4)
  const results = reader.u8()
  reader.skip(3)
  if (results !== 1) throw new MalformedError(`${results} results for one interface`)
  const result = reader.u16le()
  const reason = reader.u16le()
  if (result !== 0) throw new DcerpcError('bind', reason)
  if (!reader.take(16).equals(ndr.uuid)) throw new MalformedError('another syntax than NDR')
  reader.skip(4)
}

/** Why a bind was refused altogether (C706 12.6.4.5). */
export function decodeBindNak(body: Buffer): DcerpcError {
  return new DcerpcError('bind', new Reader(body).u16le())
}
