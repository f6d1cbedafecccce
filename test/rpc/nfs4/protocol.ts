import t from 'tap'
import {
  decodeBitmap,
  encodeBitmap,
  maxHandleBytes,
  nfs4Program,
  skipAttributes,
} from '../../../src/rpc/nfs4/protocol.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, opaque, u32 } from '../../helpers/rpc-bytes.ts'

t.test('the program is 100003, version 4, with handles of up to 128 bytes', async (t) => {
  t.same(nfs4Program, { number: 100_003, version: 4 })
  t.equal(maxHandleBytes, 128)
})

t.test('attribute numbers are bits, the lowest first, in as many words as they need', async (t) => {
  const bitmap = (attributes: number[]) => written((writer) => encodeBitmap(writer, attributes))
  t.same(bitmap([]), u32(0))
  t.same(bitmap([1, 11]), u32(1, 0x802))
  t.same(bitmap([4, 33]), u32(2, 0x10, 0x2))
  t.same(bitmap([31]), u32(1, 0x80000000))
})

t.test('a bitmap and attributes are read, and endless ones refused', async (t) => {
  reads(t, { decode: decodeBitmap }, u32(2, 3, 4), [3, 4])
  reads(t, { decode: skipAttributes }, bytes(u32(1, 2), opaque('abcd')), undefined)
  t.throws(() => decodeBitmap(new XdrReader(u32(17))), MalformedError)
})
