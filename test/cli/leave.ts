import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { sourceProcess } from '../helpers/source-process.ts'

const module = join(import.meta.dirname, '../../src/cli/leave.ts')

function left(exit: object) {
  const program = `const { leave } = await import(${JSON.stringify(module)}); leave(${JSON.stringify(exit)}, { err: (text) => process.stderr.write(text) })`
  const argv = [...sourceProcess.argv, '--input-type=module', '-e', program]
  const { env } = sourceProcess
  const { status, signal, stderr } = spawnSync(process.execPath, argv, { env, encoding: 'utf8' })
  return { status, signal, stderr }
}

t.test('a process ends with its status', async (t) => {
  t.match(left({ status: 0 }), { status: 0, signal: null, stderr: /^(?!.*force)/s })
  t.match(left({ status: 5, stuck: false }), { status: 5, signal: null })
})

t.test(
  'a process with a write that hangs is ended for certain, and says what it would have been',
  async (t) => {
    t.match(left({ status: 1, stuck: true }), {
      status: null,
      signal: 'SIGKILL',
      stderr: /a disk does not answer: .* exit status 137 and not 1\n/,
    })
  },
)
