import type { Procedure } from '../procedure.ts'
import { decodeAttributes, expectOk, type Attributes } from './protocol.ts'

/** NFSPROC3_GETATTR (RFC 1813 3.3.1): an object's attributes, which only a living handle has. */
export const getattr: Readonly<Procedure<Buffer, Attributes>> = {
  number: 1,
  encode: (writer, handle) => {
    writer.opaque(handle)
  },
  decode: (reader) => {
    expectOk(reader)
    return decodeAttributes(reader)
  },
}
