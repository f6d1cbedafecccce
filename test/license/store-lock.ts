import { existsSync, mkdirSync, rmdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { withStoreLock } from '../../src/license/store-lock.ts'

t.test('work is done one after the other', async (t) => {
  const file = join(t.testdir(), 'file')
  let inside = 0
  let most = 0
  const counts = Array.from({ length: 8 }, async (_, at) =>
    withStoreLock(file, 20_000, (isOurs) => {
      most = Math.max(most, ++inside)
      t.ok(isOurs())
      inside--
      return at
    }),
  )
  t.strictSame(await Promise.all(counts), [0, 1, 2, 3, 4, 5, 6, 7])
  t.equal(most, 1)
})

t.test('a failure of the work lets go of the lock', async (t) => {
  const file = join(t.testdir(), 'file')
  await t.rejects(
    withStoreLock(file, 0, () => {
      throw new Error('of the work')
    }),
    { message: 'of the work' },
  )
  t.equal(await withStoreLock(file, 0, () => 'free'), 'free')
})

t.test('a lock that somebody keeps is waited for, then named', async (t) => {
  const directory = t.testdir()
  const file = join(directory, 'file')
  mkdirSync(`${file}.lock`)
  const later = new Date(Date.now() + 600_000)
  utimesSync(`${file}.lock`, later, later)
  await t.rejects(
    withStoreLock(file, 100, () => 'never'),
    { name: 'StoreError', kind: 'locked', path: `${file}.lock` },
  )
})

t.test('a lock left over from a crash is in nobody’s way', async (t) => {
  const file = join(t.testdir(), 'file')
  mkdirSync(`${file}.lock`)
  const before = new Date(Date.now() - 60_000)
  utimesSync(`${file}.lock`, before, before)
  t.equal(await withStoreLock(file, 0, () => 'free'), 'free')
})

t.test('where no lock can be made, that is said', async (t) => {
  const directory = t.testdir({ file: '' })
  await t.rejects(
    withStoreLock(join(directory, 'file/below'), 0, () => 'never'),
    { name: 'StoreError', kind: 'write' },
  )
})

t.test('whoever has lost the lock to others is told, and leaves theirs alone', async (t) => {
  const file = join(t.testdir(), 'file')
  const seen = await withStoreLock(file, 0, (isOurs) => {
    const before = isOurs()
    rmdirSync(`${file}.lock`)
    const gone = isOurs()
    mkdirSync(join(file, '..', 'between'))
    mkdirSync(`${file}.lock`)
    return [before, gone, isOurs()]
  })
  t.strictSame(seen, [true, false, false])
  t.ok(existsSync(`${file}.lock`))
})
