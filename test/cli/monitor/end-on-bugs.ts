import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import t from 'tap'
import { sourceProcess } from '../../helpers/source-process.ts'

const source = join(import.meta.dirname, '../../../src/cli/monitor')

for (const bug of [
  "setImmediate(() => { throw new Error('thrown') })",
  "setImmediate(() => { void Promise.reject(new Error('rejected')) })",
  "throw new Error('at once')",
]) {
  t.test(`${bug} is no word about the server`, async (t) => {
    const program = `
      const { endOnBugs } = await import(${JSON.stringify(join(source, 'end-on-bugs.ts'))})
      endOnBugs()
      ${bug}`
    const argv = [...sourceProcess.argv, '--input-type=module', '-e', program]
    const child = spawn(process.execPath, argv, { env: sourceProcess.env, stdio: 'ignore' })
    t.strictSame(await once(child, 'exit'), [5, null])
  })
}
