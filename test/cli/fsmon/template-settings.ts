import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  fillInSettings,
  isTemplateKind,
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
    const scripts = ['start.sh', 'stop.sh'].map((name) =>
      readFileSync(join(templates, kind, name), 'utf8'),
    )
    for (const { setting } of options) t.match(scripts.join(''), `\n${setting}='`, kind)
    t.ok(isTemplateKind(kind))
  }
  t.notOk(isTemplateKind('toString'))
})
