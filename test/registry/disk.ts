import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { directDisk, diskOf, pooledDisk } from '../../src/registry/disk.ts'

for (const [name, disk] of [
  ['at once', directDisk],
  ['by threads', pooledDisk],
] as const) {
  t.test(
    `${name}: a file is written whole, for its owner alone, and told what it is`,
    async (t) => {
      const path = join(t.testdir(), 'one')
      const stats = await disk.create(path, 'text\n')
      t.equal(readFileSync(path, 'utf8'), 'text\n')
      t.equal(lstatSync(path).mode & 0o777, 0o600)
      const seen = await disk.stats(path)
      t.same([seen.ino, seen.mtimeNs], [stats.ino, stats.mtimeNs])
    },
  )

  t.test(`${name}: what is there already is never written to, a link neither`, async (t) => {
    const dir = t.testdir({ one: 'before' })
    const path = join(dir, 'one')
    symlinkSync('one', join(dir, 'link'))
    await t.rejects(async () => disk.create(path, 'after'), { code: 'EEXIST' })
    await t.rejects(async () => disk.create(join(dir, 'link'), 'after'), { code: 'EEXIST' })
    t.equal(readFileSync(path, 'utf8'), 'before')
  })

  t.test(`${name}: what could not be written leaves nothing behind`, async (t) => {
    const dir = t.testdir()
    const notText = { toString: () => 'x' } as unknown as string
    await t.rejects(async () => disk.create(join(dir, 'one'), notText), TypeError)
    t.same(readdirSync(dir), [])
  })

  t.test(`${name}: a file is moved over another`, async (t) => {
    const dir = t.testdir({ one: '1', two: '2' })
    await disk.move(join(dir, 'one'), join(dir, 'two'))
    t.same(readdirSync(dir), ['two'])
    t.equal(readFileSync(join(dir, 'two'), 'utf8'), '1')
    await t.rejects(async () => disk.move(join(dir, 'one'), join(dir, 'two')), { code: 'ENOENT' })
    await t.rejects(async () => disk.stats(join(dir, 'one')), { code: 'ENOENT' })
  })
}

t.test('only in memory is written at once', async (t) => {
  const inMemory = mkdtempSync('/dev/shm/clp-fsmon-test-')
  t.teardown(() => {
    rmSync(inMemory, { recursive: true })
  })
  t.equal(await diskOf(inMemory), directDisk)
  t.equal(await diskOf('/proc'), pooledDisk)
  await t.rejects(diskOf(join(inMemory, 'missing')), { code: 'ENOENT' })
})
