import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { sourceProcess } from '../helpers/source-process.ts'

const source = join(import.meta.dirname, '../../src/cli/standalone.ts')

function run(root: string, words: string[], argv0?: string) {
  const env = { ...sourceProcess.env, LANG: 'C', CLP_FSMON_ROOT: root }
  const argv = [...sourceProcess.argv, source, ...words]
  const options = { env, encoding: 'utf8' as const, ...(argv0 === undefined ? {} : { argv0 }) }
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, options)
  return { status, stdout, stderr }
}

t.test('it is the command by whose name it was started', (t) => {
  const root = t.testdir()
  t.match(run(root, ['--version'], '/usr/sbin/clp_sambamon'), {
    status: 0,
    stdout: /^clp_sambamon /,
  })
  t.match(run(root, ['status'], 'clp_fsmon'), { status: 0, stdout: /No monitors are known here/ })
  t.end()
})

t.test('by another name it is the command that its first word names', (t) => {
  const root = t.testdir()
  t.match(run(root, ['clp_nfsmon', '--version']), { status: 0, stdout: /^clp_nfsmon / })
  t.match(run(root, ['clplcnsc', '--community']), { status: 0, stdout: /command was success/ })
  t.match(run(root, ['clplcnsc', '-l']), { status: 0, stdout: /\bCM\d{6}\b/ })
  t.match(run(root, ['clp_fsmon', 'nonsense']), { status: 2 })
  t.end()
})

t.test('for whoever names none it says which there are', (t) => {
  const root = t.testdir()
  const said = { status: 2, stdout: '', stderr: /clp_sambamon clp_nfsmon clp_fsmon clplcnsc\n$/ }
  t.match(run(root, []), said)
  t.match(run(root, ['toString']), said)
  t.end()
})
