import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  fillInSettings,
  isTemplateKind,
  templateFiles,
  templateSettings,
} from '../../../src/cli/fsmon/template-settings.ts'

const templates = join(import.meta.dirname, '../../../templates')

t.test('whatever a value holds, the shell reads just that', async (t) => {
  const values = [
    'plain',
    "it's",
    "'",
    "''; touch /tmp/never; '",
    '$HOME `id` $(id) \\ " ! * ~ #',
    'line one\nline two',
    '-n',
    '日本語',
    '$& $1 $$',
    ' leading and trailing ',
  ]
  for (const value of values) {
    const script = fillInSettings("#!/bin/sh\nSHARE='XXXX'\nOTHER=''\n", { SHARE: value })
    const read = execFileSync('sh', ['-c', `${script}\nprintf '%s' "$SHARE"`], { encoding: 'utf8' })
    t.equal(read, value, JSON.stringify(value))
  }
})

t.test('only settings that were given are filled in, and nothing else is touched', async (t) => {
  const script = "A='1'\nB=''\n  A='2'\necho A='3'\n"
  t.equal(fillInSettings(script, { A: 'x' }), "A='x'\nB=''\n  A='2'\necho A='3'\n")
  t.equal(fillInSettings("toString=''\nCONSTRUCTOR=''\n", {}), "toString=''\nCONSTRUCTOR=''\n")
})

t.test('every setting that can be given is in its scripts, and every kind is there', async (t) => {
  for (const [kind, options] of Object.entries(templateSettings)) {
    if (!isTemplateKind(kind)) throw new Error(kind)
    const scripts = templateFiles(kind, 'watch1').map(({ source }) =>
      readFileSync(join(templates, source), 'utf8'),
    )
    for (const { setting } of options) {
      // Of a file of settings the instance's name is the file's.
      if (setting === 'MONITOR_ID' && kind.startsWith('systemd')) continue
      t.match(scripts.join(''), `\n${setting}='`, kind)
    }
  }
  t.notOk(isTemplateKind('toString'))
  t.match(templateFiles('systemd-samba', undefined), [{ name: 'sambawatch.env' }])
  t.match(templateFiles('systemd-nfs', undefined), [{ name: 'nfswatch.env' }])
})
