import t from 'tap'
import { programDirectories } from '../../src/diagnosis/program-directories.ts'
import { programIn, runProgram } from '../../src/diagnosis/run-program.ts'

t.test('a program is looked for in the directories of the system alone', async (t) => {
  t.match(programIn(programDirectories, 'sh'), /^\/(usr\/)?s?bin\/sh$/)
  t.equal(programIn(programDirectories, 'no-such-program'), undefined)
  t.equal(programIn([t.testdir({ sh: 'not executable' })], 'sh'), undefined)
})

t.test('what a program says and how it ends is known', async (t) => {
  const ran = await runProgram('/bin/sh', ['-c', 'echo out; echo err >&2; exit 3'], 60_000)
  t.strictSame(ran, { status: 3, out: 'out\n', err: 'err\n', late: false })
  const none = await runProgram('/no/such/program', [], 60_000)
  t.match(none, { status: null, late: false })
})

t.test('one that does not end is left behind', async (t) => {
  const ran = await runProgram('/bin/sh', ['-c', 'echo first; exec sleep 600'], 500)
  t.match(ran, { status: null, late: true })
})
