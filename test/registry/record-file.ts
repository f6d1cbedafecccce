import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import t from 'tap'
import { pooledDisk } from '../../src/registry/disk.ts'
import {
  discard,
  prepareRecord,
  readRecord,
  readRecords,
  recordPath,
  leftoversIn,
  removeLeftovers,
  signatureOf,
} from '../../src/registry/record-file.ts'
import { openSocketPath } from '../../src/registry/socket-path.ts'
import { sampleRecord } from '../helpers/sample-record.ts'

const record = sampleRecord()

async function store(dir: string, stored = record): Promise<void> {
  const prepared = await prepareRecord(dir, stored, pooledDisk)
  renameSync(prepared.path, recordPath(dir, stored.id))
}

t.test('a record is written beside its place, for its owner alone', async (t) => {
  const dir = t.testdir()
  const prepared = await prepareRecord(dir, record, pooledDisk)
  t.same(await readRecord(dir, 'watch1'), { kind: 'none' })
  t.equal(statSync(prepared.path).mode & 0o777, 0o600)
  t.equal(signatureOf(statSync(prepared.path, { bigint: true })), prepared.signature)
  renameSync(prepared.path, recordPath(dir, 'watch1'))
  t.same(await readRecord(dir, 'watch1'), { kind: 'record', record })
  t.same(readdirSync(dir), ['watch1.json'])
})

t.test('what is left in its way, be it a link, is not written to', async (t) => {
  const dir = t.testdir({ precious: 'p' })
  const { path } = await prepareRecord(dir, record, pooledDisk)
  await discard(path)
  symlinkSync(`${dir}/precious`, path)
  await prepareRecord(dir, record, pooledDisk)
  t.equal(readFileSync(`${dir}/precious`, 'utf8'), 'p')
  t.equal(lstatSync(path).isFile(), true)
})

t.test('a record that cannot be written leaves nothing behind', async (t) => {
  const dir = t.testdir()
  await t.rejects(prepareRecord(`${dir}/missing`, record, pooledDisk), { code: 'ENOENT' })
  const circular: Record<string, unknown> = {}
  circular['self'] = circular
  const unwritable = { ...record, options: circular as typeof record.options }
  await t.rejects(prepareRecord(dir, unwritable, pooledDisk), TypeError)
  t.same(readdirSync(dir), [])
})

t.test('a record cut short at any byte, or full of garbage, is damaged', async (t) => {
  const dir = t.testdir()
  await store(dir)
  const path = recordPath(dir, 'watch1')
  const whole = readFileSync(path)
  for (let length = 0; length < whole.length - 1; length += 1) {
    writeFileSync(path, whole.subarray(0, length))
    t.equal((await readRecord(dir, 'watch1')).kind, 'damaged')
  }
  writeFileSync(path, Buffer.alloc(1000, 0xff))
  t.equal((await readRecord(dir, 'watch1')).kind, 'damaged')
  writeFileSync(path, Buffer.alloc(70_000, 0x20))
  t.match(await readRecord(dir, 'watch1'), { kind: 'damaged', reason: 'it is too long' })
})

t.test(
  'a link, a pipe or a directory in the place of a record is damaged, and is not waited for',
  async (t) => {
    const dir = t.testdir({ real: JSON.stringify(record) })
    symlinkSync(`${dir}/real`, recordPath(dir, 'link'))
    execFileSync('mkfifo', [recordPath(dir, 'pipe')])
    mkdirSync(recordPath(dir, 'dir'))
    execFileSync('mknod', [recordPath(dir, 'null'), 'c', '1', '3'])
    t.match(await readRecord(dir, 'link'), { kind: 'damaged', reason: 'it is a symbolic link' })
    t.match(await readRecord(dir, 'pipe'), { kind: 'damaged', reason: 'it is not a file' })
    t.match(await readRecord(dir, 'dir'), { kind: 'damaged', reason: 'it is not a file' })
    t.match(await readRecord(dir, 'null'), { kind: 'damaged', reason: 'it is not a file' })
  },
)

t.test('a socket in the place of a record is damaged, too', async (t) => {
  const dir = t.testdir()
  const { path, close } = openSocketPath(dir, 's.json')
  const server = createServer().listen(path)
  await once(server, 'listening')
  t.match(await readRecord(dir, 's'), { kind: 'damaged', reason: 'it is not a file' })
  await new Promise((resolve) => server.close(resolve))
  close()
})

t.test('the record of another identifier is none of ours', async (t) => {
  const dir = t.testdir()
  await store(dir)
  renameSync(recordPath(dir, 'watch1'), recordPath(dir, 'watch2'))
  t.match(await readRecord(dir, 'watch2'), { kind: 'damaged', reason: /another identifier/ })
})

t.test('what hinders reading is thrown', async (t) => {
  const dir = t.testdir({ file: '' })
  await t.rejects(readRecord(`${dir}/file`, 'watch1'), { code: 'ENOTDIR' })
  await t.rejects(readRecords(`${dir}/file`), { code: 'ENOTDIR' })
})

t.test('all records are listed in order, and nothing else', async (t) => {
  const dir = t.testdir({
    'x.sock': '',
    '.b.1.tmp': '',
    '.b.lock': {},
    '.hidden.json': '',
    'c.json': 'x',
  })
  await store(dir, sampleRecord({ id: 'b' }))
  await store(dir, sampleRecord({ id: 'a' }))
  symlinkSync(`${dir}/nowhere`, `${dir}/d.json`)
  const records = await readRecords(dir)
  t.same(
    [...records].map(([stem, { kind }]) => [stem, kind]),
    [
      ['a', 'record'],
      ['b', 'record'],
      ['c', 'damaged'],
      ['d', 'damaged'],
    ],
  )
  t.same(await readRecords(`${dir}/missing`), new Map())
})

t.test('a record that is known is read again only after it was written again', async (t) => {
  const dir = t.testdir()
  await store(dir, sampleRecord({ id: 'a', failures: 1 }))
  await store(dir, sampleRecord({ id: 'b' }))
  const known = new Map()
  const first = await readRecords(dir, known)
  const second = await readRecords(dir, known)
  t.equal(second.get('a'), first.get('a'), 'the very same')
  await store(dir, sampleRecord({ id: 'a', failures: 2 }))
  unlinkSync(recordPath(dir, 'b'))
  const third = await readRecords(dir, known)
  t.match(third.get('a'), { record: { failures: 2 } })
  t.same([...third.keys()], ['a'])
  t.same([...known.keys()], ['a.json'], 'what is gone is forgotten')
})

t.test('leftovers of an identifier are removed, and of no other', async (t) => {
  const dir = t.testdir({
    '.a.1.tmp': '',
    '.a.22.tmp': '',
    '.ab.1.tmp': '',
    'a.json': '',
    '.a.lock': {},
  })
  await removeLeftovers(dir, 'a', await leftoversIn(dir))
  t.same(readdirSync(dir).toSorted(), ['.a.lock', '.ab.1.tmp', 'a.json'])
  t.ok(existsSync(dir))
})
