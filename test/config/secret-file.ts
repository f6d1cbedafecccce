import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import t from 'tap'
import type { ConfigProblem } from '../../src/config/config-error.ts'
import { secretFile } from '../../src/config/secret-file.ts'
import { Spot } from '../../src/config/spot.ts'

function read(value?: unknown) {
  const problems: ConfigProblem[] = []
  const spot = new Spot('/f', ['k'], () => 1, problems)
  const kind = secretFile()
  const found = value === undefined ? kind.absent(spot) : kind.read(value, spot)
  return { found, problems }
}

t.test('a secret is read, and shows itself to nobody who did not ask', async (t) => {
  const file = join(t.testdir({ s: '0123456789abcdef\n' }), 's')
  chmodSync(file, 0o600)
  const { found, problems } = read(file)
  t.strictSame(problems, [])
  t.equal(found?.reveal().toString(), '0123456789abcdef')
  for (const shown of [JSON.stringify({ found }), inspect(found)]) {
    t.notMatch(shown, '0123456789')
  }
})

t.test('what is no secret is refused without a word of what is in it', async (t) => {
  const directory = t.testdir()
  const put = (name: string, text: string, mode = 0o600) => {
    writeFileSync(join(directory, name), text)
    chmodSync(join(directory, name), mode)
    return join(directory, name)
  }
  const cases: [value: unknown, trouble: string][] = [
    [put('short', 'geheim\n'), 'secret-form'],
    [put('lines', 'geheim-geheim-geheim\nmore\n'), 'secret-form'],
    [put('long', 'geheim'.repeat(1000)), 'secret-form'],
    [put('open', 'geheim-geheim-geheim\n', 0o640), 'secret-not-private'],
    [directory, 'secret-form'],
    [join(directory, 'none'), 'secret-unreadable'],
    ['relative', 'not-absolute'],
  ]
  for (const [value, trouble] of cases) {
    const { problems } = read(value)
    t.match(problems, [{ key: 'k', trouble }], trouble)
    t.notMatch(JSON.stringify(problems), 'geheim-')
  }
  t.match(read().problems, [{ trouble: 'missing' }])
})
