import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readCredentialsFile } from '../../../src/cli/monitor/credentials-file.ts'

const uid = process.getuid?.() ?? 0

function file(t: Test, text: string, mode = 0o600): string {
  const path = join(t.testdir(), 'cred')
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

t.test("smbclient's format is read, comments and Windows line ends included", async (t) => {
  const path = file(
    t,
    '\uFEFF# who watches\r\nusername = watcher\r\n\r\n; secret\r\npassword = p a=s#s \r\ndomain=LAB\r\n',
  )
  t.strictSame(readCredentialsFile(path, uid), {
    user: 'watcher',
    password: 'p a=s#s ',
    domain: 'LAB',
  })
})

t.test('password and domain may be missing, the user may not', async (t) => {
  t.strictSame(readCredentialsFile(file(t, 'Username=guest\ndomain =\n'), uid), {
    user: 'guest',
    password: undefined,
    domain: undefined,
  })
  t.throws(() => readCredentialsFile(file(t, 'password = x\n'), uid), {
    name: 'ParameterError',
    trouble: 'noUser',
  })
  t.throws(() => readCredentialsFile(file(t, 'username =\n'), uid), {
    name: 'ParameterError',
    trouble: 'noUser',
  })
})

t.test('an empty password is one', async (t) => {
  t.match(readCredentialsFile(file(t, 'username = a\npassword =\n'), uid), { password: '' })
})

t.test('a file that others can read is refused, with its mode', async (t) => {
  for (const mode of [0o640, 0o604, 0o660, 0o602]) {
    t.throws(() => readCredentialsFile(file(t, 'username = a\n', mode), uid), {
      name: 'ParameterError',
      alertId: 11,
      problem: 'bad-file',
      trouble: 'mode',
      values: { mode: `0${mode.toString(8)}` },
    })
  }
  t.match(readCredentialsFile(file(t, 'username = a\n', 0o400), uid), { user: 'a' })
})

t.test('a file of another user is refused, one of root is not', async (t) => {
  const path = file(t, 'username = a\n')
  if (uid === 0) {
    t.match(readCredentialsFile(path, 12345), { user: 'a' }, 'of root')
    chownSync(path, 12345, 12345)
  }
  const values = { uid: String(uid === 0 ? 12345 : uid) }
  const trouble = { name: 'ParameterError', trouble: 'owner', values }
  t.throws(() => readCredentialsFile(path, 54321), trouble)
})

t.test('what is in a refused file is in no message', async (t) => {
  const path = file(t, 'username = a\nSecret-Word\n')
  t.throws(() => readCredentialsFile(path, uid), {
    name: 'ParameterError',
    trouble: 'syntax',
    values: { line: '2' },
  })
  try {
    readCredentialsFile(path, uid)
  } catch (error) {
    t.notMatch(JSON.stringify(error) + String(error), 'Secret')
  }
})

t.test('what is no file, or not there, is refused without hanging', async (t) => {
  const directory = t.testdir()
  t.throws(() => readCredentialsFile(join(directory, 'none'), uid), {
    name: 'ParameterError',
    trouble: 'unreadable',
    values: { code: 'ENOENT' },
  })
  mkdirSync(join(directory, 'd'))
  t.throws(() => readCredentialsFile(join(directory, 'd'), uid), {
    name: 'ParameterError',
    trouble: 'notAFile',
  })
  symlinkSync('/dev/zero', join(directory, 'zero'))
  t.throws(() => readCredentialsFile(join(directory, 'zero'), uid), {
    name: 'ParameterError',
    trouble: 'notAFile',
  })
  t.throws(() => readCredentialsFile(file(t, '#'.repeat(70_000)), uid), {
    name: 'ParameterError',
    trouble: 'notAFile',
  })
})
