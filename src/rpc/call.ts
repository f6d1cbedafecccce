import type { Credential } from './credential.ts'
import type { Procedure, Program } from './procedure.ts'
import { XdrWriter } from './xdr-writer.ts'

/** One call as it goes over the wire, after four bytes that are left open for a record mark (RFC 5531 9). */
export function encodeCall<A>(
  xid: number,
  credential: Credential,
  program: Program,
  procedure: Procedure<A, unknown>,
  args: A,
): Buffer {
  const writer = new XdrWriter(256)
    .u32(0)
    .u32(xid)
    .u32(0)
    .u32(2)
    .u32(program.number)
    .u32(program.version)
    .u32(procedure.number)
    .u32(credential.flavor)
    .opaque(credential.body)
    .u32(0)
    .u32(0)
  procedure.encode(writer, args)
  return writer.done()
}

/** Procedure 0 of every program: takes nothing, does nothing, and proves that it is served. */
export const nullProcedure: Readonly<Procedure<void, void>> = {
  number: 0,
  encode: () => {},
  decode: () => {},
}
