import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readConfig } from '../../src/config/config.ts'

async function read(t: Test, text: string) {
  const directory = t.testdir()
  writeFileSync(join(directory, 'clp-fsmon.toml'), text)
  return readConfig(directory)
}

t.test('without a file, or with nothing in it, all is as by default', async (t) => {
  const byDefault = { license: { shared: undefined } }
  t.strictSame(await readConfig(t.testdir()), byDefault)
  t.strictSame(await read(t, ''), byDefault)
  t.strictSame(await read(t, '# nothing\n[license]\n'), byDefault)
})

t.test('a directory may be given in every way of the format', async (t) => {
  const expected = { license: { shared: '/mnt/shared' } }
  t.strictSame(await read(t, '[license]\nshared = "/mnt/shared" # where\n'), expected)
  t.strictSame(await read(t, "license.shared = '/mnt/shared'\n"), expected)
  t.strictSame(await read(t, 'license = { shared = "/mnt/shared" }\r\n'), expected)
})

const refused: [name: string, text: string, error: object][] = [
  ['what is not the format', '[license]\nshared = /mnt\n', { trouble: 'syntax', line: 2 }],
  ['half a file', '[lic', { trouble: 'syntax', line: 1 }],
  [
    'a table that is not known',
    'a = 1\n',
    { trouble: 'unknown-key', line: 1, key: 'a', allowed: 'license' },
  ],
  ['a misspelt table', '\n[licence]\nshared = "/a"\n', { line: 2, key: 'licence' }],
  [
    'a misspelt key',
    '[license]\n\nshard = "/a"\n',
    { trouble: 'unknown-key', line: 3, key: 'license.shard', allowed: 'shared' },
  ],
  ['a table that is a value', 'license = "/a"\n', { trouble: 'unknown-key', line: 1 }],
  ['tables in a row', '[[license]]\nshared = "/a"\n', { trouble: 'unknown-key', line: 1 }],
  [
    'a relative path',
    '[license]\nshared = "shared"\n',
    { trouble: 'not-absolute', line: 2, key: 'license.shared' },
  ],
  ['a path with a NUL', '[license]\nshared = "/a\\u0000b"\n', { trouble: 'not-absolute' }],
  ['a number', 'license.shared = 1\n', { trouble: 'not-absolute', line: 1 }],
  ['a number, written inline', 'license = { shared = 1 }\n', { trouble: 'not-absolute', line: 0 }],
]

for (const [name, text, error] of refused) {
  t.test(`refused: ${name}`, async (t) => {
    await t.rejects(read(t, text), { name: 'ConfigError', file: /clp-fsmon.toml$/, ...error })
  })
}

t.test('a file that cannot be read is not taken for none', async (t) => {
  const directory = t.testdir()
  mkdirSync(join(directory, 'clp-fsmon.toml'))
  await t.rejects(readConfig(directory), { name: 'ConfigError', trouble: 'unreadable' })
})
