import t from 'tap'
import { authNone, authSys } from '../../src/rpc/credential.ts'
import { bytes, opaque, u32 } from '../helpers/rpc-bytes.ts'

t.test('nobody in particular has an empty credential', async (t) => {
  t.same(authNone, { flavor: 0, body: new Uint8Array(0) })
})

t.test('root of a machine says its name, uid 0, gid 0 and no other groups', async (t) => {
  const { flavor, body } = authSys('node1', 0xdeadbeef)
  t.equal(flavor, 1)
  t.same(Buffer.from(body), bytes(u32(0xdeadbeef), opaque('node1'), u32(0, 0, 0)))
})

t.test('a machine name is cut at the 255 bytes that the protocol allows', async (t) => {
  const { body } = authSys('n'.repeat(300), 1)
  t.same(Buffer.from(body), bytes(u32(1), opaque('n'.repeat(255)), u32(0, 0, 0)))
})
