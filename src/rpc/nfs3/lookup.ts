import type { Procedure } from '../procedure.ts'
import { expectOk, skipPostOpAttributes, maxHandleBytes } from './protocol.ts'

/** A name in a directory. */
export type Entry = { directory: Buffer; name: string }

/** NFSPROC3_LOOKUP (RFC 1813 3.3.3): the handle that a name stands for. */
export const lookup: Readonly<Procedure<Entry, Buffer>> = {
  number: 3,
  encode: (writer, { directory, name }) => {
    writer.opaque(directory).text(name)
  },
  decode: (reader) => {
    expectOk(reader)
    const handle = reader.opaque(maxHandleBytes)
    skipPostOpAttributes(reader)
    skipPostOpAttributes(reader)
    return handle
  },
}
