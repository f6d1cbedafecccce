import { MalformedError } from '../../wire/malformed-error.ts'
import type { Procedure } from '../procedure.ts'
import { expectOk, skipPostOpAttributes, maxHandleBytes } from './protocol.ts'

const directoryBytes = 4096
const maxBytes = 16 * 1024
const maxEntries = 4096
const maxNameBytes = 4096

/** NFSPROC3_READDIRPLUS (RFC 1813 3.3.17): the names at the start of a directory. */
export const readdirplus: Readonly<Procedure<Buffer, string[]>> = {
  number: 17,
  encode: (writer, handle) => {
    writer.opaque(handle).u64(0n).u64(0n).u32(directoryBytes).u32(maxBytes)
  },
  decode: (reader) => {
    expectOk(reader)
    skipPostOpAttributes(reader)
    reader.skip(8)
    const names: string[] = []
    while (reader.bool()) {
      if (names.length === maxEntries) throw new MalformedError(`more than ${maxEntries} entries`)
      reader.skip(8)
      names.push(reader.text(maxNameBytes))
      reader.skip(8)
      skipPostOpAttributes(reader)
      if (reader.bool()) reader.opaque(maxHandleBytes)
    }
    reader.bool()
    return names
  },
}
