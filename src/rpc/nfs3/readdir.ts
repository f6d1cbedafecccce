import { MalformedError } from '../../wire/malformed-error.ts'
import type { Procedure } from '../procedure.ts'
import { expectOk, skipPostOpAttributes } from './protocol.ts'

const maxBytes = 4096
const maxEntries = 4096
const maxNameBytes = 4096

/** NFSPROC3_READDIR (RFC 1813 3.3.16): the names at the start of a directory, and nothing but them. */
export const readdir: Readonly<Procedure<Buffer, string[]>> = {
  number: 16,
  encode: (writer, handle) => {
    writer.opaque(handle).u64(0n).u64(0n).u32(maxBytes)
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
    }
    reader.bool()
    return names
  },
}
