import t from 'tap'
import { createSession, sessionIdBytes } from '../../../src/rpc/nfs4/create-session.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, u32, u64 } from '../../helpers/rpc-bytes.ts'

const operation = createSession({ clientId: 5n, sequenceId: 1 })
const sessionId = Buffer.from('0123456789abcdef')

t.test('a session of one slot is asked for, with no way back', async (t) => {
  t.equal(operation.number, 43)
  t.equal(sessionIdBytes, 16)
  t.same(
    written(operation.encode),
    bytes(
      u64(5n),
      u32(1, 0),
      u32(0, 65_536, 65_536, 0, 16, 1, 0),
      u32(0, 4096, 4096, 0, 2, 1, 0),
      u32(0x40000000, 1, 0),
    ),
  )
})

t.test('the answer is its name, and how many operations a compound may have', async (t) => {
  const fore = u32(0, 65_536, 65_536, 0, 8, 1, 0)
  const back = u32(0, 4096, 4096, 0, 2, 1, 1, 99)
  const answer = bytes(sessionId, u32(1, 0), fore, back)
  reads(t, operation, answer, { sessionId, maxOperations: 8 })
})
