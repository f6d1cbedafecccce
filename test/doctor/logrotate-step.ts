import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { judgeLogrotate, logrotateText, rotationOf } from '../../src/doctor/logrotate-step.ts'

const log = '/var/log/clp-fsmon'
const install = 'apt-get install -y'
const shipped = readFileSync(join(import.meta.dirname, '../../scripts/package.d/logrotate'), 'utf8')

t.test('what is written is what the packages install', async (t) => {
  t.equal(logrotateText, shipped)
})

t.test('a file that names our logs is found, whatever it is called', async (t) => {
  const directory = t.testdir({ samba: '/var/log/samba/*.log {}', ours: `${log}/alert.log {}` })
  const rotation = rotationOf(directory, log)
  t.equal(rotation.file, join(directory, 'ours'))
  t.match(judgeLogrotate({ hasProgram: true, install, ...rotation }), [
    { grade: 'ok', what: 'configured' },
  ])
})

t.test('a missing one is written, once, and a missing program is told', async (t) => {
  const directory = t.testdir({ sub: {} })
  const findings = judgeLogrotate({ hasProgram: false, install, ...rotationOf(directory, log) })
  t.match(findings, [
    { grade: 'warning', what: 'noProgram', values: { install } },
    { grade: 'warning', what: 'notConfigured' },
  ])
  await findings[1]?.mend?.()
  const file = join(directory, 'clusterpro-fsmon')
  t.equal(readFileSync(file, 'utf8'), shipped)
  t.equal(statSync(file).mode & 0o777, 0o644)
  t.equal(rotationOf(directory, log).file, file)
  await t.rejects(findings[1]?.mend?.() ?? Promise.resolve(), { code: 'EEXIST' })
})

t.test('without a directory for it nothing is written', async (t) => {
  const rotation = rotationOf(join(t.testdir(), 'missing'), log)
  const [finding] = judgeLogrotate({ hasProgram: true, install, ...rotation })
  t.match(finding, { what: 'notConfigured' })
  t.equal(finding?.mend, undefined)
})
