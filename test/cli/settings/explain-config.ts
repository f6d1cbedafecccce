import t from 'tap'
import { loadConfigTexts } from '../../../src/cli/settings/config-texts.ts'
import { explainConfig } from '../../../src/cli/settings/explain-config.ts'

const where = { file: '/etc/f.toml', line: 3, key: 'defaults.wait' }
const values = { value: '0', allowed: '1..10000' }

t.test('a problem is one line: file, line, key, what is wrong and what is allowed', async (t) => {
  const [english, japanese] = [await loadConfigTexts('en'), await loadConfigTexts('ja')]
  const problem = { ...where, trouble: 'out-of-range', values } as const
  t.equal(
    explainConfig(problem, english),
    '/etc/f.toml:3: defaults.wait: 0 is out of range; allowed is 1..10000',
  )
  t.match(explainConfig(problem, japanese), /^\/etc\/f\.toml:3: defaults\.wait: .*1\.\.10000/)
  const unknown = { ...where, trouble: 'unknown-key', values: { allowed: 'a' }, near: 'a' } as const
  t.match(explainConfig(unknown, english), /allowed is: a \(did you mean 'a'\?\)$/)
})

t.test('a file as a whole has neither line nor key, and a message stays one line', async (t) => {
  const texts = await loadConfigTexts('en')
  const problem = { file: '/f\n', line: 0, key: '', trouble: 'unreadable' } as const
  t.equal(
    explainConfig({ ...problem, values: { reason: 'EACCES' } }, texts),
    '/f\\u000a: the file: cannot be read (EACCES)',
  )
})
