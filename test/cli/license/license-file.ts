import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readLicenseFile } from '../../../src/cli/license/license-file.ts'
import { loadLicenseTexts } from '../../../src/cli/license/license-texts.ts'

const texts = await loadLicenseTexts('en')

function file(t: Test, text: string): string {
  const path = join(t.testdir(), 'file')
  writeFileSync(path, text)
  return path
}

t.test('serial numbers and keys are read in turns, with the line of the key', async (t) => {
  const text =
    '\uFEFF# two\r\nserial = AB123456\r\n  KEY=one\r\n\r\nSerial =XX000000\n# key\nkey = two '
  t.strictSame(readLicenseFile(file(t, text), texts), [
    { serial: 'AB123456', key: 'one', line: 3 },
    { serial: 'XX000000', key: 'two', line: 7 },
  ])
})

const refused: [name: string, text: string, message: RegExp][] = [
  ['nothing', '', /no license/],
  ['comments alone', '# a\n\n', /no license/],
  ['another key', 'serial = AB123456\nkeys = one\n', /line 2 is neither/],
  ['a key alone', '\nkey = one\n', /line 2 is neither/],
  ['two serial numbers', 'serial = AB123456\nserial = AB123457\n', /line 2 is neither/],
  ['a serial number without its key', 'serial = AB123456\n', /line 1 has no key/],
  ['a serial number that is none', 'serial = AB12345\nkey = one\n', /line 1: 'AB12345'/],
]

for (const [name, text, message] of refused) {
  t.test(`refused: ${name}`, async (t) => {
    t.throws(() => readLicenseFile(file(t, text), texts), { status: 2, message })
  })
}

t.test('a file that cannot be read is refused with the reason', async (t) => {
  t.throws(() => readLicenseFile(join(t.testdir(), 'none'), texts), {
    status: 2,
    message: /none: cannot be read \(ENOENT\)/,
  })
})
