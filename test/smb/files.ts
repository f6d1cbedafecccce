import t from 'tap'
import {
  closeFile,
  createPassing,
  listStart,
  openForReading,
  openRoot,
  readStart,
  writeStart,
} from '../../src/smb/files.ts'
import { StatusError } from '../../src/smb/status-error.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { logInTo } from '../helpers/smb-client.ts'
import { treeId } from '../helpers/smb-server.ts'

const nameIn = (message: Buffer) => {
  const offset = message.readUInt16LE(64 + 44)
  return message.toString('utf16le', offset, offset + message.readUInt16LE(64 + 46))
}

t.test('opens a file by its path, with either kind of slash, and reads its start', async (t) => {
  const { server, connection } = await logInTo(t, { fileContent: Buffer.from('hello') })
  for (const path of ['a/b.txt', '/a/b.txt', '\\a\\b.txt', '//a\\b.txt']) {
    const file = await openForReading(connection, treeId, path)
    t.equal(nameIn(server.seen.at(-1)?.message ?? Buffer.alloc(0)), 'a\\b.txt', path)
    t.equal((await readStart(connection, file)).toString(), 'hello')
    await closeFile(connection, file)
  }
})

t.test('reads an empty file', async (t) => {
  const { connection } = await logInTo(t, { status: { read: 0xc0000011 } })
  const file = await openForReading(connection, treeId, 'empty')
  t.equal((await readStart(connection, file)).length, 0)
})

t.test('reads no more than it asked for', async (t) => {
  // The server gives all of its file, however much of it is wanted.
  const whole = await logInTo(t, { fileContent: Buffer.alloc(8192, 7) })
  const file = await openForReading(whole.connection, treeId, 'file')
  t.equal((await readStart(whole.connection, file)).length, 8192)
  const more = await logInTo(t, { fileContent: Buffer.alloc(8193, 7) })
  const other = await openForReading(more.connection, treeId, 'file')
  await t.rejects(readStart(more.connection, other), MalformedError)
})

t.test('lists the root, which may be empty', async (t) => {
  const { server, connection } = await logInTo(t)
  const root = await openRoot(connection, treeId)
  t.equal(nameIn(server.seen.at(-1)?.message ?? Buffer.alloc(0)), '')
  t.same(await listStart(connection, root), ['.', 'a.txt'])
  for (const status of [0xc000000f, 0x80000006]) {
    const empty = await logInTo(t, { status: { list: status } })
    t.same(await listStart(empty.connection, await openRoot(empty.connection, treeId)), [])
  }
})

t.test('makes files of a new name every time that go away when they are closed', async (t) => {
  const { server, connection } = await logInTo(t)
  await createPassing(connection, treeId)
  await createPassing(connection, treeId)
  const [first, second] = server.seen.slice(-2).map(({ message }) => message) as [Buffer, Buffer]
  t.not(nameIn(first), nameIn(second))
  t.match(nameIn(first), /^\.clp-fsmon-[0-9a-f]{24}$/)
  t.equal(first.readUInt32LE(64 + 36), 2, 'made, never opened')
  t.equal(first.readUInt32LE(64 + 40) & 0x1000, 0x1000, 'deleted on close')
})

t.test('writes through to the disk, but for 2.0.2, which cannot say so', async (t) => {
  for (const [dialect, flags] of [
    [0x0202, 0],
    [0x0210, 1],
    [0x0311, 1],
  ] as const) {
    const { server, connection } = await logInTo(t, { dialect })
    const file = await createPassing(connection, treeId)
    await writeStart(connection, file, Buffer.from('data'), dialect)
    t.equal(server.seen.at(-1)?.message.readUInt32LE(64 + 44), flags, dialect.toString(16))
    t.equal((await readStart(connection, file)).toString(), 'data')
  }
})

function alter(step: string, message: Buffer): Buffer {
  if (step === 'write') message.writeUInt32LE(3, 68)
  return message
}

t.test('refuses a write that was not whole', async (t) => {
  const { connection } = await logInTo(t, { alter })
  const file = await createPassing(connection, treeId)
  const written = writeStart(connection, file, Buffer.from('data'), 0x0311)
  await t.rejects(written, MalformedError)
})

t.test('passes on every refusal', async (t) => {
  const denied = 0xc0000022
  const { connection } = await logInTo(t, { status: { create: denied } })
  await t.rejects(openRoot(connection, treeId), StatusError)
  const other = await logInTo(t, {
    status: { read: denied, list: denied, write: denied, close: denied },
  })
  const file = await openForReading(other.connection, treeId, 'x')
  await t.rejects(readStart(other.connection, file), StatusError)
  await t.rejects(listStart(other.connection, file), StatusError)
  await t.rejects(writeStart(other.connection, file, Buffer.from('x'), 0x0311), StatusError)
  await t.rejects(closeFile(other.connection, file), StatusError)
})
