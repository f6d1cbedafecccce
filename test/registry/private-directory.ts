import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync } from 'node:fs'
import t from 'tap'
import { makePrivateDirectory } from '../../src/registry/private-directory.ts'

t.test('a directory is made for its owner alone, with those above it', async (t) => {
  const path = `${t.testdir()}/a/b`
  await makePrivateDirectory(path)
  await makePrivateDirectory(path)
  t.equal(statSync(path).mode & 0o777, 0o700)
})

t.test('a directory of ours that others can enter is closed to them', async (t) => {
  const path = `${t.testdir()}/a`
  mkdirSync(path)
  chmodSync(path, 0o777)
  await makePrivateDirectory(path)
  t.equal(statSync(path).mode & 0o777, 0o700)
})

t.test('a link, a file, and what belongs to somebody else are refused', async (t) => {
  const dir = t.testdir({ file: '', real: {} })
  symlinkSync(`${dir}/real`, `${dir}/link`)
  await t.rejects(makePrivateDirectory(`${dir}/link`), { code: 'unsafe-directory' })
  await t.rejects(makePrivateDirectory(`${dir}/file`), { code: 'EEXIST' })
  await t.rejects(makePrivateDirectory(`${dir}/file/below`), { code: 'ENOTDIR' })
})

t.test(
  'a directory of another user is refused',
  { skip: process.geteuid?.() !== 0 && 'needs root' },
  async (t) => {
    const dir = t.testdir({ theirs: {} })
    chownSync(`${dir}/theirs`, 65_534, 65_534)
    await t.rejects(makePrivateDirectory(`${dir}/theirs`), { code: 'unsafe-directory' })
  },
)
