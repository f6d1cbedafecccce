import { MalformedError } from '../../wire/malformed-error.ts'
import { encodeBitmap, skipAttributes } from './protocol.ts'
import type { Operation } from './operation.ts'

const directoryBytes = 4096
const maxBytes = 16 * 1024
const maxEntries = 4096
const maxNameBytes = 4096
const typeAttribute = 1
const rdattrErrorAttribute = 11

/** READDIR (RFC 8881 18.23): the names at the start of a directory. */
export const readdir: Readonly<Operation<string[]>> = {
  number: 26,
  name: 'READDIR',
  encode: (writer) => {
    writer.u64(0n).u64(0n).u32(directoryBytes).u32(maxBytes)
    encodeBitmap(writer, [typeAttribute, rdattrErrorAttribute])
  },
  decode: (reader) => {
    reader.skip(8)
    const names: string[] = []
    while (reader.bool()) {
      if (names.length === maxEntries) throw new MalformedError(`more than ${maxEntries} entries`)
      reader.skip(8)
      names.push(reader.text(maxNameBytes))
      skipAttributes(reader)
    }
    reader.bool()
    return names
  },
}
