import t from 'tap'
import { Nfs3Error } from '../../../src/rpc/nfs3/nfs3-error.ts'
import {
  decodeAttributes,
  expectOk,
  maxHandleBytes,
  nfs3Program,
  skipPostOpAttributes,
  skipWccData,
} from '../../../src/rpc/nfs3/protocol.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads } from '../../helpers/codec.ts'
import { bytes, fattr3, u32, wccData } from '../../helpers/rpc-bytes.ts'

t.test('the program is 100003, version 3, with handles of up to 64 bytes', async (t) => {
  t.same(nfs3Program, { number: 100_003, version: 3 })
  t.equal(maxHandleBytes, 64)
})

t.test('attributes are read where they stand', async (t) => {
  reads(t, { decode: decodeAttributes }, fattr3, { type: 2, size: 4096n, fileId: 7n })
})

t.test('a type that there is not is refused', async (t) => {
  for (const type of [0, 8, 0xffff_ffff]) {
    const answer = bytes(u32(type), fattr3.subarray(4))
    t.throws(() => decodeAttributes(new XdrReader(answer)), MalformedError)
  }
  const fifo = bytes(u32(7), fattr3.subarray(4))
  t.equal(decodeAttributes(new XdrReader(fifo)).type, 7)
})

t.test('what a server may leave out can be there or not', async (t) => {
  reads(t, { decode: skipPostOpAttributes }, u32(0), undefined)
  reads(t, { decode: skipPostOpAttributes }, bytes(u32(1), fattr3), undefined)
  reads(t, { decode: skipWccData }, u32(0, 0), undefined)
  reads(t, { decode: skipWccData }, wccData, undefined)
})

t.test('every status but NFS3_OK is an error', async (t) => {
  reads(t, { decode: expectOk }, u32(0), undefined)
  t.throws(() => expectOk(new XdrReader(u32(70))), Nfs3Error)
})
