import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import type { Answer } from '../../src/inventory/item.ts'
import { Ledger } from '../../src/inventory/ledger.ts'
import { listPath } from '../../src/inventory/list-file.ts'

const answer = (...names: string[]): Answer => ({
  items: names.map((name) => ({ name, properties: {} })),
  isComplete: true,
  askedAs: 'anonymous',
})

async function open(t: Test, directory = t.testdir()) {
  const { ledger, damaged } = await Ledger.open(directory, 'nas', 'smb')
  return { ledger, damaged, directory, path: listPath(directory, 'nas', 'smb') }
}

t.test('a first answer is stored, and what is known lives on in the next process', async (t) => {
  const { ledger, directory } = await open(t)
  t.equal(ledger.isKnown, false)
  t.strictSame(ledger.compare(answer('a', 'b')), { kind: 'first' })
  await ledger.keep(answer('a', 'b'), 'now')
  t.strictSame(ledger.compare(answer('a', 'b')), { kind: 'compared', changes: [] })
  const next = await open(t, directory)
  t.equal(next.ledger.isKnown, true)
  t.equal(next.ledger.size, 2)
  t.match(next.ledger.compare(answer('b', 'c')), {
    changes: [
      { kind: 'vanished', item: { name: 'a' } },
      { kind: 'appeared', item: { name: 'c' } },
    ],
  })
})

t.test('asked as somebody else nothing is compared', async (t) => {
  const { ledger } = await open(t)
  await ledger.keep(answer('a', 'b'), 'now')
  const other = { ...answer('a'), askedAs: 'user x' }
  t.strictSame(ledger.compare(other), { kind: 'other-login', before: 'anonymous' })
  await ledger.keep(other, 'now')
  t.equal(ledger.size, 1)
  t.strictSame(ledger.compare(other), { kind: 'compared', changes: [] })
})

t.test('an answer without news is not written, unless the last one could not be', async (t) => {
  const { ledger, directory, path } = await open(t)
  await ledger.keep(answer('a'), 'one')
  const { ino } = statSync(path)
  await ledger.keep(answer('a'), 'two')
  t.equal(statSync(path).ino, ino)
  rmSync(directory, { recursive: true })
  await t.rejects(ledger.keep(answer('a', 'b'), 'three'), { code: 'ENOENT' })
  t.strictSame(ledger.compare(answer('a', 'b')), { kind: 'compared', changes: [] }, 'but known')
  mkdirSync(directory)
  await ledger.keep(answer('a', 'b'), 'four')
  t.equal((await open(t, directory)).ledger.size, 2)
})

t.test('what may lack some takes nothing away', async (t) => {
  const { ledger } = await open(t)
  await ledger.keep(answer('a', 'b'), 'one')
  await ledger.keep({ ...answer('c'), isComplete: false }, 'two')
  t.equal(ledger.size, 3)
})

t.test('a damaged list is begun anew', async (t) => {
  const directory = t.testdir()
  writeFileSync(listPath(directory, 'nas', 'smb'), 'x')
  const { ledger, damaged } = await open(t, directory)
  t.match(damaged, /damaged$/)
  t.equal(ledger.isKnown, false)
  t.equal(ledger.size, 0)
})
