import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { loadRepairTexts } from '../../../src/cli/repair/repair-texts.ts'
import { stepProblems } from '../../../src/cli/repair/step-problems.ts'
import { readSettings } from '../../../src/cli/settings/settings.ts'
import { systemClock } from '../../../src/watch/clock.ts'
import { configured } from '../../helpers/configured.ts'

async function problemsOf(t: Test, text: string) {
  const file = configured(t.testdirName, text)
  chmodSync(dirname(file), 0o755)
  chmodSync(file, 0o644)
  const settings = await readSettings(file)
  t.strictSame(settings.problems, [])
  return stepProblems(settings, await loadRepairTexts('en'), systemClock)
}

const step = (name: string, file: string, more = '') => `
[[repair.step]]
name = "${name}"
kind = "samba"
causes = ["any"]
command = ["${file}"]
${more}`

t.test('every step that can never begin is told with its place', async (t) => {
  const directory = join(t.testdir(), 'own')
  mkdirSync(directory)
  const good = join(directory, 'good')
  writeFileSync(good, '#!/bin/sh\n')
  chmodSync(good, 0o755)
  chmodSync(directory, 0o755)
  const none = join(directory, 'none')
  const text = step('one', good) + step('two', none) + step('three', good, 'timeout = 300')
  t.match(await problemsOf(t, text), [
    {
      line: 12,
      key: 'repair.step[2].command[1]',
      trouble: 'never-begins',
      values: { reason: `there is no ${none}` },
    },
    { line: 19, key: 'repair.step[3].timeout', trouble: 'never-begins', values: { reason: /324/ } },
  ])
  t.strictSame(await problemsOf(t, `[repair]\nenabled = false\n${text}`), [], 'nor is it tried')
  t.strictSame(await problemsOf(t, ''), [])
})

t.test('a built-in step is told by its name', async (t) => {
  t.testdir()
  const text = '[repair]\ntotal = 1\n[[repair.step]]\nuse = "restart-smbd"\n'
  // Whatever this host has: no step fits into a second.
  t.match(await problemsOf(t, text), [{ trouble: 'never-begins', key: /step\[1\]\.(use|timeout)/ }])
})
