import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { distrust } from '../../src/repair/distrust.ts'

const isRoot = process.geteuid?.() === 0

/** A program in a directory that its owner alone may write. */
function program(t: Test): { directory: string; file: string } {
  const directory = join(t.testdir(), 'own')
  mkdirSync(directory, { mode: 0o755 })
  chmodSync(directory, 0o755)
  const file = join(directory, 'mend')
  writeFileSync(file, '#!/bin/sh\n')
  chmodSync(file, 0o755)
  return { directory, file }
}

t.test('a program that its owner alone may write, in such a directory, is trusted', async (t) => {
  const { file, directory } = program(t)
  t.equal(await distrust(file), undefined)
  t.equal(await distrust('/bin/sh'), undefined, 'also where its name is a link')
  const link = join(directory, 'link')
  symlinkSync(file, link)
  t.equal(await distrust(link), undefined)
})

t.test('what is not there, no file, or cannot be executed is told', async (t) => {
  const { file, directory } = program(t)
  const none = join(directory, 'none')
  t.strictSame(await distrust(none), { why: 'missing', path: none })
  t.match(await distrust(join(file, 'below')), { why: 'missing' })
  t.strictSame(await distrust(directory), { why: 'not-a-file', path: directory })
  chmodSync(file, 0o644)
  t.strictSame(await distrust(file), { why: 'not-executable', path: file })
  const loop = join(directory, 'loop')
  symlinkSync(loop, loop)
  t.strictSame(await distrust(loop), { why: 'unreadable', path: loop, code: 'ELOOP' })
})

t.test('what others may write is not trusted, nor what they may replace', async (t) => {
  const { file, directory } = program(t)
  const link = join(t.testdirName, 'link')
  symlinkSync(file, link)
  chmodSync(t.testdirName, 0o755)
  for (const mode of [0o775, 0o757]) {
    chmodSync(file, mode)
    const shown = `0${mode.toString(8)}`
    t.match(await distrust(file), { why: 'not-roots-alone', path: file, mode: shown })
    t.match(await distrust(link), { why: 'not-roots-alone', path: file, mode: shown })
    chmodSync(file, 0o755)
    chmodSync(directory, mode)
    t.match(await distrust(file), { why: 'not-roots-alone', path: directory, mode: shown })
    t.match(await distrust(link), { why: 'not-roots-alone', path: directory }, 'behind the link')
    chmodSync(directory, 0o755)
    chmodSync(t.testdirName, mode)
    t.match(await distrust(link), { why: 'not-roots-alone', path: t.testdirName }, 'of the link')
    t.equal(await distrust(file), undefined)
    chmodSync(t.testdirName, 0o755)
  }
})

t.test('what belongs to somebody else is not trusted', { skip: !isRoot }, async (t) => {
  const { file, directory } = program(t)
  chownSync(file, 65_534, 65_534)
  t.match(await distrust(file), { why: 'not-roots-alone', path: file, uid: 65_534 })
  chownSync(file, 0, 0)
  chownSync(directory, 65_534, 65_534)
  t.match(await distrust(file), { why: 'not-roots-alone', path: directory, uid: 65_534 })
})

t.test('a file system without leave to execute is told by root', { skip: !isRoot }, async (t) => {
  t.match(await distrust('/proc/version'), { why: 'not-executable' })
})
