import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { emptyMemory } from '../../src/guard/memory.ts'
import { readMemory, writeMemory } from '../../src/guard/memory-file.ts'

t.test('what was written is read, and nothing is left beside it', async (t) => {
  const directory = t.testdir()
  const path = join(directory, 'memory.json')
  t.strictSame(await readMemory(path), emptyMemory, 'at first there is none')
  const memory = { ...emptyMemory, bootId: 'boot' }
  await writeMemory(path, emptyMemory)
  await writeMemory(path, memory)
  t.strictSame(await readMemory(path), memory)
  t.strictSame(readdirSync(directory), ['memory.json'])
  t.equal(statSync(path).mode & 0o777, 0o600)
})

t.test('what is no memory is not read as one', async (t) => {
  const directory = t.testdir({ damaged: '{', target: JSON.stringify(emptyMemory) })
  t.equal(await readMemory(join(directory, 'damaged')), undefined)
  symlinkSync('target', join(directory, 'link'))
  t.equal(await readMemory(join(directory, 'link')), undefined)
  mkdirSync(join(directory, 'directory'))
  t.equal(await readMemory(join(directory, 'directory')), undefined)
})

t.test('where it cannot be written that is told', async (t) => {
  const directory = t.testdir()
  const path = join(directory, 'memory.json')
  await t.rejects(writeMemory(join(directory, 'none', 'memory.json'), emptyMemory))
  writeFileSync(path, 'x')
  symlinkSync('elsewhere', `${path}.tmp`)
  await t.rejects(writeMemory(path, emptyMemory), 'nobody’s link is followed')
})
