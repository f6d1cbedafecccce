import t from 'tap'
import { shareSize } from '../../src/smb/share-size.ts'
import { connectTree, treeConnectBody } from '../../src/smb/tree.ts'
import { logInTo } from '../helpers/smb-client.ts'

const pub = treeConnectBody('server', 'pub')

t.test('opens the root to look at it, asks, and closes it', async (t) => {
  const { connection, server } = await logInTo(t)
  const { treeId } = await connectTree(connection, pub)
  t.same(await shareSize(connection, treeId), { totalBytes: 1_024_000, freeBytes: 307_200 })
  const [create, query, close] = server.seen.slice(-3)
  t.strictSame([create?.command, query?.command, close?.command], [5, 16, 6])
  t.equal(create?.message.readUInt32LE(64 + 24), 0x80, 'to read its attributes, and no more')
})

t.test('passes on what the server refuses', async (t) => {
  for (const step of ['create', 'size', 'close'] as const) {
    const { connection } = await logInTo(t, { status: { [step]: 0xc0000022 } })
    const { treeId } = await connectTree(connection, pub)
    await t.rejects(shareSize(connection, treeId), { name: 'StatusError' })
  }
})
