import t from 'tap'
import { stepTable } from '../../../../src/cli/fsmon/doctor/step-table.ts'
import { loadDoctorTexts } from '../../../../src/cli/fsmon/doctor/doctor-texts.ts'
import { loadConfigTexts } from '../../../../src/cli/settings/config-texts.ts'
import { loadTexts } from '../../../../src/cli/texts.ts'
import { runSteps } from '../../../../src/doctor/run-steps.ts'
import { fakeIo } from '../../../helpers/fake-io.ts'

t.test('every step has a title, and looks at this host without breaking', async (t) => {
  const steps = stepTable({
    io: fakeIo({ CLP_FSMON_ROOT: t.testdir(), PATH: '/usr/bin:/bin' }),
    language: 'en',
    texts: await loadTexts('en'),
    configTexts: await loadConfigTexts('en'),
    program: import.meta.filename,
    nodeVersion: process.version,
    run: async () => ({ status: undefined, out: '', err: '' }),
  })
  const texts = await loadDoctorTexts('en')
  t.strictSame(
    steps.map(({ name }) => name),
    Object.keys(texts.steps),
  )
  for (const { name, findings } of await runSteps(steps, { limitMs: 30_000, fix: false })) {
    t.ok(findings.length > 0, name)
    t.notOk(
      findings.some(({ what }) => what === 'broken' || what === 'hangs'),
      name,
    )
  }
})

t.test('to another user than root nothing is said of what only root can see', async (t) => {
  const steps = stepTable({
    io: fakeIo({ PATH: '/usr/bin:/bin' }, 65534),
    language: 'en',
    texts: await loadTexts('en'),
    configTexts: await loadConfigTexts('en'),
    program: import.meta.filename,
    nodeVersion: process.version,
    run: async () => ({ status: undefined, out: '', err: '' }),
  })
  const results = await runSteps(steps, { limitMs: 30_000, fix: false })
  const failed = results.filter(({ findings }) => findings.some(({ grade }) => grade === 'failure'))
  t.equal(failed.find(({ name }) => name !== 'cluster')?.name, 'root')
  t.ok(failed.length <= 2, 'but for that, and for a cluster manager that may be here')
  for (const name of ['directories', 'license', 'credentials', 'leftovers']) {
    const { findings } = results.find((result) => result.name === name) ?? {}
    t.strictSame(findings, [{ grade: 'note', what: 'needsRoot' }])
  }
})
