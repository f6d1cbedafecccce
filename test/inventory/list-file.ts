import {
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { listPath, readList, writeList } from '../../src/inventory/list-file.ts'

const list = { at: 'now', askedAs: '', items: [{ name: '/a', properties: { access: '*' } }] }

t.test('a list is there for its owner alone, whole, and nothing is left beside it', async (t) => {
  const directory = t.testdir()
  const path = listPath(directory, '10.0.0.1', 'nfs3')
  t.strictSame(await readList(path), { kind: 'none' })
  await writeList(path, list)
  await writeList(path, { ...list, at: 'later' })
  t.strictSame(await readList(path), { kind: 'list', list: { ...list, at: 'later' } })
  t.equal(statSync(path).mode & 0o777, 0o600)
  t.equal(readdirSync(directory).length, 1)
})

t.test('every server and protocol has a place of its own, whatever its name', async (t) => {
  const servers = [
    '10.0.0.1',
    '../../etc/passwd',
    '__.__.etc_passwd',
    'x'.repeat(300),
    'a/b',
    'a:b',
  ]
  const paths = servers.flatMap((server) =>
    (['smb', 'nfs3', 'nfs4'] as const).map((protocol) => listPath('/d', server, protocol)),
  )
  t.equal(new Set(paths).size, paths.length)
  for (const path of paths) {
    t.match(path, /^\/d\/[^/]{1,200}$/)
    t.notMatch(path, /^\/d\/\.\.?$/)
  }
})

t.test('what cannot be read as a list is moved aside, and kept', async (t) => {
  const directory = t.testdir()
  const path = join(directory, 'list.json')
  const movedTo = `${path}.damaged`
  writeFileSync(path, '{"version":1')
  t.strictSame(await readList(path), { kind: 'damaged', movedTo })
  t.ok(existsSync(movedTo))
  t.strictSame(await readList(path), { kind: 'none' })
  mkdirSync(path)
  const moved = `${path}.damaged`
  rmSync(moved)
  t.strictSame(await readList(path), { kind: 'damaged', movedTo }, 'a directory is no list')
  rmSync(moved, { recursive: true })
  symlinkSync('/etc/passwd', path)
  t.strictSame(await readList(path), { kind: 'damaged', movedTo })
  t.strictSame(await readList(path), { kind: 'none' })
})

t.test('a list that cannot be written or read is an error, not an empty one', async (t) => {
  const directory = t.testdir({ file: '' })
  await t.rejects(writeList(join(directory, 'file/list.json'), list), { code: 'ENOTDIR' })
  await t.rejects(readList(join(directory, 'file/list.json')), { code: 'ENOTDIR' })
  const path = join(directory, 'list.json')
  mkdirSync(`${path}.tmp`)
  await t.rejects(writeList(path, list))
})
