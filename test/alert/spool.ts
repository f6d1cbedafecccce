import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Spool } from '../../src/alert/spool.ts'

function spoolOf(t: Test, most = 100) {
  const directory = join(t.testdir(), 'queue')
  const dropped: number[] = []
  const prepare = async () => void (await mkdir(directory, { recursive: true, mode: 0o700 }))
  const onDrop = (count: number) => void dropped.push(count)
  const spool = new Spool({ directory, most, prepare, onDrop })
  return {
    directory,
    dropped,
    spool,
    another: () => new Spool({ directory, most, prepare, onDrop }),
  }
}

t.test(
  'entries come out in the order in which they went in, also by another process',
  async (t) => {
    const { spool, directory, another } = spoolOf(t)
    t.strictSame(await spool.list(), [], 'before there is a directory')
    for (let n = 0; n < 20; n += 1) await spool.add((key) => JSON.stringify({ n, key }))
    const later = another()
    const entries = await later.list()
    const texts = await Promise.all(entries.map(async (entry) => later.read(entry)))
    t.strictSame(
      texts.map((text) => (JSON.parse(text ?? '') as { n: number }).n),
      Array.from({ length: 20 }, (_, n) => n),
    )
    for (const [at, { key, name }] of entries.entries()) {
      t.match(JSON.parse(texts[at] ?? ''), { key }, 'the key is kept')
      t.equal(statSync(join(directory, name)).mode & 0o777, 0o600)
    }
    const [first] = entries
    if (first === undefined) throw new Error('nothing')
    await spool.remove(first)
    await spool.remove(first)
    t.equal((await spool.list()).length, 19)
    t.equal(await spool.read(first), undefined)
  },
)

t.test('a clock that is set back changes no order', async (t) => {
  const { spool } = spoolOf(t)
  const now = Date.now
  t.teardown(() => {
    Date.now = now
  })
  await spool.add(() => '1')
  Date.now = () => 1000
  await spool.add(() => '2')
  Date.now = now
  const texts = (await spool.list()).map(async (entry) => spool.read(entry))
  t.strictSame(await Promise.all(texts), ['1', '2'])
})

t.test('more than is to be kept is dropped, the oldest first, and told', async (t) => {
  const { spool, dropped } = spoolOf(t, 2)
  for (const text of ['1', '2', '3', '4']) await spool.add(() => text)
  const texts = (await spool.list()).map(async (entry) => spool.read(entry))
  t.strictSame(await Promise.all(texts), ['3', '4'])
  t.strictSame(dropped, [1, 1])
})

t.test('what is no entry is not taken for one, and what is abandoned goes', async (t) => {
  const { spool, directory } = spoolOf(t)
  await spool.add(() => '"whole"')
  const key = '00000000-0000-0000-0000-000000000000'
  writeFileSync(join(directory, `000000000000001-000001-${key}.json`), '{"half')
  mkdirSync(join(directory, `000000000000002-000001-${key}.json`))
  writeFileSync(join(directory, 'other'), '')
  writeFileSync(join(directory, '.old.tmp'), '')
  utimesSync(join(directory, '.old.tmp'), 1, 1)
  writeFileSync(join(directory, '.new.tmp'), '')
  const texts = (await spool.list()).map(async (entry) => spool.read(entry))
  t.strictSame(await Promise.all(texts), [undefined, undefined, '"whole"'])
  await spool.sweep()
  t.notOk(existsSync(join(directory, '.old.tmp')))
  t.ok(existsSync(join(directory, '.new.tmp')), 'another process may be writing it')
})

t.test('what fails on the way in leaves nothing behind, and is told', async (t) => {
  const { spool, directory } = spoolOf(t)
  await t.rejects(
    spool.add(() => {
      throw new TypeError('no text')
    }),
    { message: 'no text' },
  )
  t.strictSame(readdirSync(directory), [])
  t.equal(spool.isWriting, false)
  const adding = spool.add(() => '1')
  t.equal(spool.isWriting, true)
  await adding
  t.equal(spool.isWriting, false)
})

t.test('a place that is no directory is an error, not an empty queue', async (t) => {
  const place = join(t.testdir({ file: '' }), 'file')
  const prepare = async () => chmod(place, 0o600)
  const spool = new Spool({ directory: place, most: 1, prepare, onDrop: () => {} })
  await t.rejects(spool.list(), { code: 'ENOTDIR' })
  await t.rejects(
    spool.add(() => '1'),
    { code: 'ENOTDIR' },
  )
  await t.rejects(spool.remove({ name: 'x' }), { code: 'ENOTDIR' })
})
