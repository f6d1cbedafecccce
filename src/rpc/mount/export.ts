import { MalformedError } from '../../wire/malformed-error.ts'
import type { Procedure } from '../procedure.ts'
import type { XdrReader } from '../xdr-reader.ts'

/** An exported directory, and the groups of hosts that it is exported to (none: to everyone). */
export type Exported = { directory: string; groups: string[] }

/** MNTPATHLEN and MNTNAMLEN (RFC 1813 5.1.1). */
const maxPathBytes = 1024
const maxNameBytes = 255
const maxExports = 4096
const maxGroups = 4096

/** MOUNTPROC3_EXPORT (RFC 1813 5.2.5): what is exported, and to whom. */
export const exportList: Readonly<Procedure<void, Exported[]>> = {
  number: 5,
  encode: () => {},
  decode: (reader) => {
    const exported = linked(reader, maxExports, () => ({
      directory: reader.text(maxPathBytes),
      groups: linked(reader, maxGroups, () => reader.text(maxNameBytes)),
    }))
    // A list that ends before its message does is not all of it.
    reader.expectEnd()
    return exported
  },
}

function linked<T>(reader: XdrReader, maxCount: number, element: () => T): T[] {
  const elements: T[] = []
  while (reader.bool()) {
    if (elements.length === maxCount) throw new MalformedError(`more than ${maxCount} elements`)
    elements.push(element())
  }
  return elements
}
