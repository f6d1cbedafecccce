import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { journalDirectory } from '../../../src/cli/repair/open-repair.ts'
import { repairsSeen } from '../../../src/cli/repair/repairs-seen.ts'
import { understandToml } from '../../../src/config/read-toml.ts'
import { repairKind } from '../../../src/config/repair-kinds.ts'
import { layoutUnder } from '../../../src/registry/layout.ts'
import { identityOf } from '../../../src/registry/process-identity.ts'
import { Journal } from '../../../src/repair/journal.ts'
import { noteUnderWay } from '../../../src/repair/under-way.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'
import { spawn } from 'node:child_process'

const read = async (text: string) =>
  (
    await understandToml(
      '/f',
      text,
      repairKind({ builtIns: ['restart-smbd'], causes: ['disk-full', 'process-stopped'] }),
    )
  ).value

const text = `
  per-hour = 1
  [[step]]
  name = "own"
  kind = "nfs"
  causes = ["any"]
  command = ["/bin/own", "--password=x"]
  watches = ["w1"]
  [[step]]
  use = "restart-smbd"`

t.test('everything about repairs is seen, and nothing that may be a secret', async (t) => {
  const layout = layoutUnder(t.testdir())
  mkdirSync(layout.run, { recursive: true })
  const clock = new FakeClock()
  const journal = new Journal(journalDirectory(layout), clock)
  const entry = await journal.begin({ step: 'own', cause: 'any', watch: 'w1' })
  await journal.amend({ ...entry, end: { how: 'done', why: 'exit 0', ms: 3 }, mended: true })
  const child = spawn('/bin/sleep', ['600'], { detached: true, stdio: 'ignore' })
  t.teardown(() => child.kill('SIGKILL'))
  const [monitor, leader] = [identityOf(process.pid), identityOf(child.pid ?? 0)]
  if (monitor === undefined || leader === undefined) throw new Error('no identity')
  noteUnderWay(layout.run, { step: 'own', watch: 'w1', monitor, leader, untilUptimeMs: 1e12 })
  const seen = await repairsSeen(await read(text), layout, clock)
  t.match(seen, {
    enabled: true,
    limits: { perHour: 1, perDay: 10, totalS: 180, settleS: 10, waitS: 180 },
    lastHour: 1,
    lastDay: 1,
    lately: [{ step: 'own', mended: true }],
    underWay: { step: 'own', isOrphan: false },
  })
  const own = seen.steps.find(({ name }) => name === 'own')
  t.match(own, {
    kind: 'nfs',
    program: { command: ['/bin/own'] },
    builtIn: false,
    limitS: 30,
    watches: ['w1'],
    forbidden: { why: 'per-hour', limit: 1 },
  })
  t.notMatch(JSON.stringify(seen), 'password')
  t.match(
    seen.builtIn.find(({ name }) => name === 'export-again'),
    { kind: 'nfs' },
  )
  noteUnderWay(layout.run, {
    step: 'own',
    watch: 'w1',
    monitor: { ...monitor, startTicks: '1' },
    leader,
    untilUptimeMs: 1e12,
  })
  t.match(await repairsSeen(undefined, layout, clock), { underWay: { isOrphan: true } })
})

t.test('where nothing is configured, and where it is switched off', async (t) => {
  const layout = layoutUnder(t.testdir())
  const none = await repairsSeen(undefined, layout, new FakeClock())
  t.match(none, { enabled: false, steps: [], lately: [], lastDay: 0 })
  t.equal(none.limits, undefined)
  const off = await repairsSeen(await read(`enabled = false\n${text}`), layout, new FakeClock())
  t.match(off, { enabled: false, steps: [{ name: 'restart-smbd' }, { name: 'own' }] })
})

t.test('a journal that cannot be read is a problem that is told', async (t) => {
  const layout = layoutUnder(t.testdir())
  const directory = journalDirectory(layout)
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'journal.json'), 'x')
  chmodSync(directory, 0o700)
  t.match(await repairsSeen(undefined, layout, new FakeClock()), {
    problem: /damaged/,
    damaged: join(directory, 'journal.json'),
  })
})

t.test('a step that cannot begin is seen before anything fails', async (t) => {
  const layout = layoutUnder(t.testdir())
  const directory = join(t.testdirName, 'steps')
  mkdirSync(directory)
  chmodSync(directory, 0o755)
  for (const [name, mode] of Object.entries({ good: 0o755, open: 0o777, plain: 0o644 })) {
    writeFileSync(join(directory, name), '#!/bin/sh\n')
    chmodSync(join(directory, name), mode)
  }
  const steps = ['good', 'open', 'plain', 'none'].map(
    (name) => `
      [[step]]
      name = "${name}"
      kind = "samba"
      causes = ["any"]
      command = ["${join(directory, name)}", "--password=x"]`,
  )
  const { steps: found } = await repairsSeen(await read(steps.join('')), layout, new FakeClock())
  t.strictSame(
    found.map(({ name, obstacle }) => [name, obstacle?.why]),
    [
      ['good', undefined],
      ['open', 'not-roots-alone'],
      ['plain', 'not-executable'],
      ['none', 'missing'],
    ],
  )
  t.notMatch(JSON.stringify(found), 'password')
})
