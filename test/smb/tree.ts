import t from 'tap'
import { connectPipes, connectTree, leave, treeConnectBody } from '../../src/smb/tree.ts'
import { StatusError } from '../../src/smb/status-error.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { logInTo } from '../helpers/smb-client.ts'
import { treeId } from '../helpers/smb-server.ts'

const body = treeConnectBody('server', 'pub')

t.test('connects to disks and printers', async (t) => {
  const disk = await logInTo(t)
  t.same(await connectTree(disk.connection, body), { treeId, type: 'disk', demandsSealing: false })
  t.ok(disk.server.seen.at(-1)?.message.includes(Buffer.from('\\\\server\\pub', 'utf16le')))
  const printer = await logInTo(t, { shareType: 3, shareFlags: 0x8000 })
  t.same(await connectTree(printer.connection, body), {
    treeId,
    type: 'printer',
    demandsSealing: true,
  })
})

t.test('refuses a share of any other type', async (t) => {
  for (const shareType of [0, 2, 4, 255]) {
    const { connection } = await logInTo(t, { shareType })
    await t.rejects(connectTree(connection, body), { name: 'ShareTypeError', shareType })
  }
})

t.test('connects to the pipes of a server, and to nothing else in their place', async (t) => {
  const { server, connection } = await logInTo(t, { shareType: 2, shareFlags: 0x8000 })
  t.same(await connectPipes(connection, 'server'), { treeId, demandsSealing: true })
  t.ok(server.seen.at(-1)?.message.includes(Buffer.from('\\\\server\\IPC$', 'utf16le')))
  const disk = await logInTo(t)
  await t.rejects(connectPipes(disk.connection, 'server'), MalformedError)
})

function alter(step: string, message: Buffer): Buffer {
  if (step === 'tree') message.writeUInt32LE(3, 16)
  return message
}

t.test('passes on what the server refuses, and refuses an answer without a tree', async (t) => {
  const refused = await logInTo(t, { status: { tree: 0xc00000cc } })
  await t.rejects(connectTree(refused.connection, body), StatusError)
  const late = await logInTo(t, { alter })
  await t.rejects(connectTree(late.connection, body), MalformedError)
})

t.test('takes leave of share and session in one go', async (t) => {
  const { server, connection } = await logInTo(t)
  await leave(connection, treeId)
  t.same(
    server.seen.slice(-2).map((seen) => [seen.command, seen.treeId, seen.signatureIsRight]),
    [
      [4, treeId, true],
      [2, 0, true],
    ],
  )
})
