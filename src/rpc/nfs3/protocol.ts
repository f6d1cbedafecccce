import { MalformedError } from '../../wire/malformed-error.ts'
import type { Program } from '../procedure.ts'
import type { XdrReader } from '../xdr-reader.ts'
import { Nfs3Error } from './nfs3-error.ts'

/** NFS version 3 (RFC 1813). */
export const nfs3Program: Readonly<Program> = { number: 100_003, version: 3 }

/** NFS3_FHSIZE (RFC 1813 2.4). */
export const maxHandleBytes = 64

/** What a check looks at in an object's attributes (RFC 1813 2.6, fattr3). */
export type Attributes = { type: number; size: bigint; fileId: bigint }

/** The status that every result begins with; throws what is not NFS3_OK. */
export function expectOk(reader: XdrReader): void {
  const status = reader.u32()
  if (status !== 0) throw new Nfs3Error(status)
}

/** NF3FIFO; the types begin with 1 (RFC 1813 2.6, ftype3). */
const lastType = 7

/** fattr3: 84 bytes. */
export function decodeAttributes(reader: XdrReader): Attributes {
  const type = reader.u32()
  if (type < 1 || type > lastType) throw new MalformedError(`file type ${type}`)
  reader.skip(16)
  const size = reader.u64()
  reader.skip(24)
  const fileId = reader.u64()
  reader.skip(24)
  return { type, size, fileId }
}

/** post_op_attr: attributes that the server may leave out. */
export function skipPostOpAttributes(reader: XdrReader): void {
  if (reader.bool()) decodeAttributes(reader)
}

/** wcc_data: what an object was like before and after. */
export function skipWccData(reader: XdrReader): void {
  if (reader.bool()) reader.skip(24)
  skipPostOpAttributes(reader)
}
