import t from 'tap'
import { destroyClientId, destroySession } from '../../../src/rpc/nfs4/destroy.ts'
import { reads, written } from '../../helpers/codec.ts'
import { u32, u64 } from '../../helpers/rpc-bytes.ts'

t.test('a session and a client id are destroyed by their names', async (t) => {
  const sessionId = Buffer.from('0123456789abcdef')
  t.equal(destroySession(sessionId).number, 44)
  t.same(written(destroySession(sessionId).encode), sessionId)
  reads(t, destroySession(sessionId), u32(), undefined)

  t.equal(destroyClientId(5n).number, 57)
  t.same(written(destroyClientId(5n).encode), u64(5n))
  reads(t, destroyClientId(5n), u32(), undefined)
})
