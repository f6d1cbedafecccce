import { chmodSync, mkdirSync, rmdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { judgeDirectory, lookAtDirectories } from '../../src/doctor/directories-step.ts'
import { layoutUnder } from '../../src/registry/layout.ts'

const own = process.geteuid?.() ?? 0
const whatOf = (findings: readonly { what: string }[]) => findings.map(({ what }) => what)

t.test('missing ones are made as monitors would, and open ones closed', async (t) => {
  const layout = layoutUnder(t.testdir())
  const before = await lookAtDirectories(layout, own)
  t.strictSame(whatOf(before), ['missing', 'missing', 'missing', 'missing'])
  for (const { mend } of before) await mend?.()
  t.strictSame(whatOf(await lookAtDirectories(layout, own)), ['well', 'well', 'well', 'well'])
  t.equal(statSync(layout.run).mode & 0o777, 0o700)
  chmodSync(layout.run, 0o755)
  chmodSync(layout.etc, 0o777)
  const open = await lookAtDirectories(layout, own)
  t.strictSame(whatOf(open), ['mode', 'well', 'well', 'mode'])
  t.match(open[0], { grade: 'failure', values: { is: '0755', mode: '0700' } })
  for (const { mend } of open) await mend?.()
  t.equal(statSync(layout.run).mode & 0o777, 0o700)
  t.equal(statSync(layout.etc).mode & 0o777, 0o755)
})

t.test('a link and a file are not taken for directories, nor mended', async (t) => {
  const layout = layoutUnder(t.testdir())
  mkdirSync(layout.etc, { recursive: true })
  mkdirSync(join(layout.run, '..'), { recursive: true })
  mkdirSync(join(layout.lib, '..'), { recursive: true })
  symlinkSync(layout.etc, layout.run)
  writeFileSync(layout.lib, '')
  const found = await lookAtDirectories(layout, own)
  t.strictSame(whatOf(found), ['notADirectory', 'notADirectory', 'missing', 'well'])
  t.equal(found[0]?.mend, undefined)
  rmdirSync(layout.etc)
})

t.test('a path that leads through a file is named as well', async (t) => {
  const root = t.testdir({ run: 'a file' })
  t.match(await lookAtDirectories(layoutUnder(root), own), [{ what: 'notADirectory' }])
})

const facts = {
  path: '/x',
  isPrivate: true,
  use: 'records',
  kind: 'directory',
  mode: 0o40700,
  uid: 0,
  isWritable: true,
  free: { bytes: 1e9 },
} as const

t.test("another's, a read-only and a full one are told, each with its values", async (t) => {
  t.match(judgeDirectory({ ...facts, uid: 7 }, 0), [
    { grade: 'failure', what: 'owner', values: { uid: 7, own: 0 } },
  ])
  t.match(judgeDirectory({ ...facts, isWritable: false }, 0), [
    { grade: 'failure', what: 'readOnly' },
  ])
  t.match(judgeDirectory({ ...facts, free: { bytes: 3 * 1024 * 1024, files: 1 } }, 0), [
    { grade: 'warning', what: 'full', values: { mib: 3 } },
  ])
  t.strictSame(whatOf(judgeDirectory({ ...facts, uid: 7, mode: 0o40777 }, 0)), ['owner', 'mode'])
})

t.test(
  'where nothing can be written a monitor has no record; what it writes elsewhere it does without',
  (t) => {
    for (const [more, what] of [
      [{ isWritable: false }, 'readOnly'],
      [{ free: { bytes: 1e9, files: 0 } }, 'noFiles'],
      [{ free: { bytes: 4096 } }, 'spent'],
    ] as const) {
      t.match(judgeDirectory({ ...facts, ...more }, 0), [{ grade: 'failure', what }])
      t.match(judgeDirectory({ ...facts, ...more, use: 'writes' }, 0), [{ grade: 'warning', what }])
      t.match(judgeDirectory({ ...facts, ...more, use: 'reads' }, 0), [
        { grade: 'ok', what: 'well' },
      ])
    }
    t.end()
  },
)
