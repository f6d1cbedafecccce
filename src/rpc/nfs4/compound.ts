import { MalformedError } from '../../wire/malformed-error.ts'
import type { Procedure } from '../procedure.ts'
import type { XdrReader } from '../xdr-reader.ts'
import { Nfs4Error } from './nfs4-error.ts'
import type { Minor } from './protocol.ts'
import type { Operation, Results } from './operation.ts'

const maxTagBytes = 1024

/** NFSPROC4_COMPOUND (RFC 8881 16.2): operations one after the other, up to the first that fails. */
export function compound<const Ops extends readonly Operation<unknown>[]>(
  minor: Minor,
  operations: Ops,
): Procedure<void, Results<Ops>> {
  return {
    number: 1,
    encode: (writer) => {
      writer.u32(0).u32(minor).u32(operations.length)
      for (const operation of operations) {
        writer.u32(operation.number)
        operation.encode(writer)
      }
    },
    decode: (reader) => decodeResults(reader, operations),
  }
}

function decodeResults<Ops extends readonly Operation<unknown>[]>(
  reader: XdrReader,
  operations: Ops,
): Results<Ops> {
  const status = reader.u32()
  reader.opaque(maxTagBytes)
  const answered = reader.count(operations.length)
  const results: unknown[] = []
  for (const operation of operations.slice(0, answered)) {
    const number = reader.u32()
    const itsStatus = reader.u32()
    if (itsStatus !== 0) throw new Nfs4Error(itsStatus, operation.name)
    if (number !== operation.number) {
      throw new MalformedError(`operation ${number} answered instead of ${operation.name}`)
    }
    results.push(operation.decode(reader))
  }
  if (status !== 0) throw new Nfs4Error(status, 'COMPOUND')
  if (answered !== operations.length) throw new MalformedError('not every operation was answered')
  // Each result was read by the operation in its place, which the compiler cannot follow.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return results as Results<Ops>
}
