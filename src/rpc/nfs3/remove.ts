import type { Procedure } from '../procedure.ts'
import { expectOk, skipWccData } from './protocol.ts'
import type { Entry } from './lookup.ts'

/** NFSPROC3_REMOVE (RFC 1813 3.3.12): takes a name out of its directory. */
export const remove: Readonly<Procedure<Entry, void>> = {
  number: 12,
  encode: (writer, { directory, name }) => {
    writer.opaque(directory).text(name)
  },
  decode: (reader) => {
    expectOk(reader)
    skipWccData(reader)
  },
}
