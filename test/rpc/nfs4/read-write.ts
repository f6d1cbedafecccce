import t from 'tap'
import { anonymousStateId, read, stateIdBytes, write } from '../../../src/rpc/nfs4/read-write.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, opaque, u32, u64 } from '../../helpers/rpc-bytes.ts'

t.test('READ asks for the start of a file', async (t) => {
  t.equal(stateIdBytes, 16)
  const operation = read(anonymousStateId, 4096)
  t.equal(operation.number, 25)
  t.same(written(operation.encode), bytes(Buffer.alloc(16), u64(0n), u32(4096)))
  reads(t, operation, bytes(u32(1), opaque('hello')), Buffer.from('hello'))
  const tooMany = bytes(u32(1), opaque(Buffer.alloc(65_537)))
  t.throws(() => operation.decode(new XdrReader(tooMany)), MalformedError)
})

t.test('a byte more than was asked for is refused, and so is nothing before the end', async (t) => {
  const hello = bytes(u32(0), opaque('hello'))
  reads(t, read(anonymousStateId, 5), hello, Buffer.from('hello'))
  t.throws(() => read(anonymousStateId, 4).decode(new XdrReader(hello)), MalformedError)
  const operation = read(anonymousStateId, 5)
  reads(t, operation, bytes(u32(1), opaque('')), Buffer.alloc(0))
  const nothing = bytes(u32(0), opaque(''))
  t.throws(() => operation.decode(new XdrReader(nothing)), MalformedError)
})

t.test('WRITE wants its bytes on the disk, and is told how many are', async (t) => {
  const stateId = Buffer.from('0123456789abcdef')
  const operation = write(stateId, Buffer.from('hello'))
  t.equal(operation.number, 38)
  t.same(written(operation.encode), bytes(stateId, u64(0n), u32(2), opaque('hello')))
  reads(t, operation, bytes(u32(5, 2), u64(1n)), 5)
})

t.test('data that is committed in no known way is refused', async (t) => {
  const operation = write(anonymousStateId, Buffer.from('hello'))
  reads(t, operation, bytes(u32(5, 0), u64(1n)), 5)
  for (const committed of [3, 0xffff_ffff]) {
    const answer = bytes(u32(5, committed), u64(1n))
    t.throws(() => operation.decode(new XdrReader(answer)), MalformedError)
  }
})
