import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  readFileFor,
  readPeerTokens,
  readTokenFile,
} from '../../../../src/cli/fsmon/serve/secret-file.ts'

const uid = process.getuid?.() ?? 0
const token = 'a-token-of-20-letters'

t.test('a token is read out of a file of ours alone', async (t) => {
  const file = join(t.testdir(), 'token')
  writeFileSync(file, `${token}\n`, { mode: 0o600 })
  t.equal(readTokenFile(file, uid), token)
  chmodSync(file, 0o640)
  t.throws(() => readTokenFile(file, uid), {
    name: 'ServeError',
    trouble: 'file.mode',
    values: { mode: '0640' },
  })
  t.equal(readFileFor(file, uid, { isSecret: false }), `${token}\n`)
  chmodSync(file, 0o600)
  if (uid === 0) {
    chownSync(file, 4711, 0)
    t.throws(() => readTokenFile(file, 0), {
      name: 'ServeError',
      trouble: 'file.owner',
      values: { uid: 4711 },
    })
  }
  t.throws(() => readTokenFile(`${file}.none`, uid), {
    name: 'ServeError',
    trouble: 'file.unreadable',
    values: { code: 'ENOENT' },
  })
  mkdirSync(`${file}.d`, { mode: 0o700 })
  t.throws(() => readTokenFile(`${file}.d`, uid), { name: 'ServeError', trouble: 'file.notAFile' })
})

t.test('what is no token is refused, and not repeated', async (t) => {
  const file = join(t.testdir(), 'token')
  for (const text of ['', 'short', `${token} ${token}`, 'ü'.repeat(20), 'x'.repeat(70_000)]) {
    writeFileSync(file, text, { mode: 0o600 })
    t.throws(() => readTokenFile(file, uid), { name: 'ServeError', values: { file } })
  }
})

t.test('the tokens of peers are named by their addresses', async (t) => {
  const file = join(t.testdir(), 'tokens')
  const peers = new Set(['https://a:9747/', 'http://b/'])
  writeFileSync(file, `# peers\n\nhttps://a:9747 ${token}\n  http://b/  other\n`, { mode: 0o600 })
  t.strictSame(
    [...readPeerTokens(file, uid, peers)],
    [
      ['https://a:9747/', token],
      ['http://b/', 'other'],
    ],
  )
  for (const line of ['https://c secret', 'secret', 'https://a:9747', 'x y z']) {
    writeFileSync(file, `\n${line}\n`, { mode: 0o600 })
    t.throws(
      () => readPeerTokens(file, uid, peers),
      { name: 'ServeError', trouble: 'file.tokens', values: { file, line: 2 } },
      line,
    )
  }
})
