import type { Procedure } from '../procedure.ts'
import { expectOk, skipPostOpAttributes, skipWccData, maxHandleBytes } from './protocol.ts'
import type { Entry } from './lookup.ts'

/**
 * NFSPROC3_CREATE (RFC 1813 3.3.8): a file that only its owner may use, empty also if it was there before.
 *
 * A server need not give the new handle.
 */
export const create: Readonly<Procedure<Entry, Buffer | undefined>> = {
  number: 8,
  encode: (writer, { directory, name }) => {
    writer.opaque(directory).text(name)
    // UNCHECKED; mode 0600, no uid, no gid, size 0, times left alone
    writer.u32(0).u32(1).u32(0o600).u32(0).u32(0).u32(1).u64(0n).u32(0).u32(0)
  },
  decode: (reader) => {
    expectOk(reader)
    const handle = reader.bool() ? reader.opaque(maxHandleBytes) : undefined
    skipPostOpAttributes(reader)
    skipWccData(reader)
    return handle
  },
}
