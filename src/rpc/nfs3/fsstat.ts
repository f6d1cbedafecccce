import type { Procedure } from '../procedure.ts'
import { expectOk, skipPostOpAttributes } from './protocol.ts'

/** NFSPROC3_FSSTAT (RFC 1813 3.3.18): how large a file system is, and what is left for who asks. */
export const fsstat: Readonly<Procedure<Buffer, { totalBytes: number; freeBytes: number }>> = {
  number: 18,
  encode: (writer, root) => {
    writer.opaque(root)
  },
  decode: (reader) => {
    expectOk(reader)
    skipPostOpAttributes(reader)
    const totalBytes = Number(reader.u64())
    reader.skip(8) // what is free for the superuser
    const freeBytes = Number(reader.u64())
    reader.skip(28)
    return { totalBytes, freeBytes }
  },
}
