import { MalformedError } from '../../wire/malformed-error.ts'
import type { Procedure, Program } from '../procedure.ts'
import { MountError } from './mount-error.ts'

/** The MOUNT protocol, version 3 (RFC 1813, appendix I). */
export const mountProgram: Readonly<Program> = { number: 100_005, version: 3 }

/** What MNT gives: the directory's handle, and the flavors that it may be used with. */
export type Mounted = { handle: Buffer; flavors: number[] }

/** FHSIZE3 (RFC 1813 5.1.1). */
const maxHandleBytes = 64
const maxFlavors = 64

/** MOUNTPROC3_MNT (RFC 1813 5.2.1): maps a directory to a handle, and adds this host to the mount list. */
export const mnt: Readonly<Procedure<string, Mounted>> = {
  number: 1,
  encode: (writer, directory) => {
    writer.text(directory)
  },
  decode: (reader) => {
    const status = reader.u32()
    if (status !== 0) throw new MountError(status)
    const handle = reader.opaque(maxHandleBytes)
    if (handle.length === 0) throw new MalformedError('a handle of no bytes')
    const flavors = Array.from({ length: reader.count(maxFlavors) }, () => reader.u32())
    return { handle, flavors }
  },
}
