import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { lookAtCredentials } from '../../../../src/cli/fsmon/doctor/credentials-step.ts'
import { loadTexts } from '../../../../src/cli/texts.ts'

t.test('every login is looked at, and not a word of it is told', async (t) => {
  const texts = await loadTexts('en')
  const etc = t.testdir()
  const uid = process.getuid?.() ?? 0
  t.match(lookAtCredentials([], join(etc, 'missing'), uid, texts), [{ grade: 'ok', what: 'none' }])
  const put = (name: string, text: string, mode: number) => {
    const file = join(etc, name)
    writeFileSync(file, text)
    chmodSync(file, mode)
    return file
  }
  const good = put('a.cred', 'username = u\npassword = secret\n', 0o600)
  put('b.cred', 'username = u\npassword = secret\n', 0o644)
  const elsewhere = put('login', 'password = secret\n', 0o600)
  const watches = [
    { id: 'x', credentialsFile: good },
    { id: 'y', credentialsFile: elsewhere },
    { id: 'z' },
  ]
  const found = lookAtCredentials(watches, etc, uid, texts)
  t.strictSame(
    found.map(({ grade, what }) => [grade, what]),
    [
      ['ok', 'well'],
      ['failure', 'noUser'],
      ['failure', 'mode'],
    ],
  )
  t.notMatch(JSON.stringify(found), /secret/)
})
