import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { sourceProcess } from '../helpers/source-process.ts'

const module = join(import.meta.dirname, '../../src/cli/leave.ts')

function left(exit: object) {
  const program = `const { leave } = await import(${JSON.stringify(module)}); leave(${JSON.stringify(exit)})`
  const argv = [...sourceProcess.argv, '--input-type=module', '-e', program]
  const { status, signal } = spawnSync(process.execPath, argv, { env: sourceProcess.env })
  return { status, signal }
}

t.test('a process ends with its status', async (t) => {
  t.strictSame(left({ status: 0 }), { status: 0, signal: null })
  t.strictSame(left({ status: 5, stuck: false }), { status: 5, signal: null })
})

t.test('a process with a write that hangs is ended for certain', async (t) => {
  t.strictSame(left({ status: 1, stuck: true }), { status: null, signal: 'SIGKILL' })
})
