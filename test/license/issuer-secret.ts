import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { communitySecret, readIssuerSecret } from '../../src/license/issuer-secret.ts'

t.test("an issuer's secret is the line in its file", async (t) => {
  const file = join(t.testdir(), 'issuer.key')
  t.strictSame(readIssuerSecret(file), { secret: undefined }, 'no issuer')
  writeFileSync(file, ' a secret of an issuer\n', { mode: 0o600 })
  t.strictSame(readIssuerSecret(file), { secret: Buffer.from('a secret of an issuer') })
})

t.test('a secret that others can read, or guess, is refused', async (t) => {
  const file = join(t.testdir(), 'issuer.key')
  writeFileSync(file, 'a secret of an issuer', { mode: 0o600 })
  chmodSync(file, 0o640)
  t.strictSame(readIssuerSecret(file), { trouble: 'open' })
  chmodSync(file, 0o600)
  writeFileSync(file, 'fifteen letters\n')
  t.strictSame(readIssuerSecret(file), { trouble: 'short' })
  symlinkSync(file, `${file}.link`)
  t.strictSame(readIssuerSecret(`${file}.link`), { trouble: 'unreadable' })
})

t.test("the community's secret is the one that its keys were made with", async (t) => {
  t.equal(Buffer.from(communitySecret).toString(), 'clp-fsmon community license')
})
