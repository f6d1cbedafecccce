import t from 'tap'
import { compound } from '../../../src/rpc/nfs4/compound.ts'
import { getFh, lookup, putRootFh } from '../../../src/rpc/nfs4/file-handle.ts'
import { Nfs4Error } from '../../../src/rpc/nfs4/nfs4-error.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, opaque, u32 } from '../../helpers/rpc-bytes.ts'

const procedure = compound(1, [putRootFh, lookup('data'), getFh])

t.test('a compound is a list of operations for one minor version', async (t) => {
  t.equal(procedure.number, 1)
  t.same(
    written((writer) => procedure.encode(writer)),
    bytes(u32(0, 1, 3, 24, 15), opaque('data'), u32(10)),
  )
})

t.test('every operation gives its result', async (t) => {
  const answer = bytes(u32(0), opaque('tag'), u32(3, 24, 0, 15, 0, 10, 0), opaque('handle'))
  reads(t, procedure, answer, [undefined, undefined, Buffer.from('handle')])
})

function failure(answer: Buffer): Nfs4Error {
  try {
    procedure.decode(new XdrReader(answer))
  } catch (error) {
    if (error instanceof Nfs4Error) return error
    throw error
  }
  throw new Error('was taken')
}

t.test('the operation that failed is named', async (t) => {
  t.match(failure(u32(2, 0, 2, 24, 0, 15, 2)), { status: 2, operation: 'LOOKUP' })
  t.match(failure(u32(10_021, 0, 0)), { status: 10_021, operation: 'COMPOUND' })
  t.match(failure(u32(10_044, 0, 1, 10_044, 10_044)), { status: 10_044, operation: 'PUTROOTFH' })
})

t.test('answers that do not fit the operations are refused', async (t) => {
  const cases: [string, Buffer][] = [
    ['another operation', u32(0, 0, 3, 22, 0)],
    ['too few answers', u32(0, 0, 1, 24, 0)],
    ['too many answers', u32(0, 0, 4, 24, 0)],
    ['an endless tag', u32(0, 1025)],
  ]
  for (const [what, answer] of cases) {
    t.throws(() => procedure.decode(new XdrReader(answer)), MalformedError, what)
  }
})
