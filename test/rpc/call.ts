import t from 'tap'
import { encodeCall, nullProcedure } from '../../src/rpc/call.ts'
import { authNone, authSys } from '../../src/rpc/credential.ts'
import { XdrReader } from '../../src/rpc/xdr-reader.ts'
import { bytes, opaque, u32 } from '../helpers/rpc-bytes.ts'

const program = { number: 100_003, version: 3 }

t.test('a call of NULL has a header and nothing else', async (t) => {
  t.same(
    encodeCall(7, authNone, program, nullProcedure, undefined),
    u32(0, 7, 0, 2, 100_003, 3, 0, 0, 0, 0, 0),
  )
  t.equal(nullProcedure.decode(new XdrReader(u32())), undefined)
})

t.test('credential and arguments stand in their places', async (t) => {
  const procedure = {
    number: 9,
    encode: (writer: { u32(value: number): unknown }, value: number) => {
      writer.u32(value)
    },
    decode: () => {},
  }
  t.same(
    encodeCall(0xffffffff, authSys('n1', 1), program, procedure, 42),
    bytes(
      u32(0, 0xffffffff, 0, 2, 100_003, 3, 9, 1),
      opaque(bytes(u32(1), opaque('n1'), u32(0, 0, 0))),
      u32(0, 0, 42),
    ),
  )
})
