import { execFileSync } from 'node:child_process'
import {
  closeSync,
  constants,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs'
import t from 'tap'
import { LogFile } from '../../src/alert/log-file.ts'

t.test('lines are added, in a file and a directory that are ours alone', async (t) => {
  const path = `${t.testdir()}/log/deep/alert.log`
  const file = new LogFile(path)
  await file.append('one\n')
  await file.append('two\n')
  await file.close()
  await file.append('three\n')
  await file.close()
  t.equal(readFileSync(path, 'utf8'), 'one\ntwo\nthree\n')
  t.equal(statSync(path).mode & 0o777, 0o600)
  t.equal(statSync(`${path}/..`.replace('alert.log/..', '')).mode & 0o777, 0o700)
})

t.test(
  'a file that was renamed or removed, alone or with its directory, is begun anew',
  async (t) => {
    const dir = t.testdir()
    const path = `${dir}/log/alert.log`
    const file = new LogFile(path)
    await file.append('one\n')
    renameSync(path, `${path}.1`)
    await file.append('two\n')
    t.equal(readFileSync(`${path}.1`, 'utf8'), 'one\n')
    t.equal(readFileSync(path, 'utf8'), 'two\n')
    unlinkSync(path)
    await file.append('three\n')
    t.equal(readFileSync(path, 'utf8'), 'three\n')
    rmSync(`${dir}/log`, { recursive: true })
    await file.append('four\n')
    t.equal(readFileSync(path, 'utf8'), 'four\n')
    await file.close()
  },
)

t.test('a link in the place of the file is not followed', async (t) => {
  const dir = t.testdir({ precious: 'p' })
  symlinkSync(`${dir}/precious`, `${dir}/alert.log`)
  const file = new LogFile(`${dir}/alert.log`)
  await t.rejects(file.append('one\n'), { code: 'ELOOP' })
  t.equal(readFileSync(`${dir}/precious`, 'utf8'), 'p')
})

t.test('a disk that is full is an error, each time', async (t) => {
  const file = new LogFile('/dev/full')
  await t.rejects(file.append('one\n'), { code: 'ENOSPC' })
  await t.rejects(file.append('two\n'), { code: 'ENOSPC' })
  await file.close()
})

t.test('after a line that was cut short, the next begins a line of its own', async (t) => {
  const dir = t.testdir()
  execFileSync('mkfifo', [`${dir}/alert.log`])
  const reader = openSync(`${dir}/alert.log`, constants.O_RDWR | constants.O_NONBLOCK)
  const file = new LogFile(`${dir}/alert.log`)
  await t.rejects(file.append('x'.repeat(1_000_000)), { code: 'EAGAIN' })
  const bytes = Buffer.alloc(1_000_000)
  t.ok(readSync(reader, bytes) < 1_000_000)
  await file.append('two\n')
  await file.append('three\n')
  t.equal(bytes.toString('utf8', 0, readSync(reader, bytes)), '\ntwo\nthree\n')
  closeSync(reader)
  await file.close()
})
