import t from 'tap'
import { setClientId, setClientIdConfirm } from '../../../src/rpc/nfs4/set-client-id.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, opaque, u32, u64 } from '../../helpers/rpc-bytes.ts'

const confirm = Buffer.from('confirm!')

t.test('a client id is asked for with a callback that leads nowhere', async (t) => {
  const operation = setClientId({ id: 'me', verifier: Buffer.from('verifier') })
  t.equal(operation.number, 35)
  t.same(
    written(operation.encode),
    bytes(
      Buffer.from('verifier'),
      opaque('me'),
      u32(0x40000000),
      opaque('tcp'),
      opaque('0.0.0.0.0.0'),
      u32(0),
    ),
  )
  reads(t, operation, bytes(u64(5n), confirm), { clientId: 5n, confirm })
})

t.test('the client id is confirmed with what came with it', async (t) => {
  const operation = setClientIdConfirm({ clientId: 5n, confirm })
  t.equal(operation.number, 36)
  t.same(written(operation.encode), bytes(u64(5n), confirm))
  reads(t, operation, u32(), undefined)
})
