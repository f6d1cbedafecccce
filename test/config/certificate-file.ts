import { join } from 'node:path'
import t from 'tap'
import { certificateFile } from '../../src/config/certificate-file.ts'
import type { ConfigProblem } from '../../src/config/config-error.ts'
import { Spot } from '../../src/config/spot.ts'

t.test('certificates are read from a file of PEM, and nothing else', async (t) => {
  const pem = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'
  const directory = t.testdir({ 'ca.pem': pem, other: 'x' })
  const kind = certificateFile()
  const problems: ConfigProblem[] = []
  const spot = new Spot('/f', ['k'], () => 1, problems)
  t.strictSame(kind.read(join(directory, 'ca.pem'), spot), { file: join(directory, 'ca.pem'), pem })
  t.strictSame(problems, [])
  for (const value of [join(directory, 'other'), directory, join(directory, 'none'), 'relative']) {
    t.equal(kind.read(value, spot), undefined)
  }
  t.equal(kind.absent(spot), undefined)
  const troubles = problems.map(({ trouble }) => trouble)
  const form = 'bad-form'
  t.strictSame(troubles, [form, form, 'secret-unreadable', 'not-absolute', 'missing'])
})
