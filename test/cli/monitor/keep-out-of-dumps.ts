import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { keepOutOfDumps } from '../../../src/cli/monitor/keep-out-of-dumps.ts'
import { sourceProcess } from '../../helpers/source-process.ts'

const module = join(import.meta.dirname, '../../../src/cli/monitor/keep-out-of-dumps.ts')

t.test('no memory of the process goes into a core dump', async (t) => {
  const program = `
    const { keepOutOfDumps } = await import(${JSON.stringify(module)})
    keepOutOfDumps()
    console.log((await import('node:fs')).readFileSync('/proc/self/coredump_filter', 'latin1').trim())`
  const argv = [...sourceProcess.argv, '--input-type=module', '-e', program]
  const { stdout } = spawnSync(process.execPath, argv, { env: sourceProcess.env, encoding: 'utf8' })
  t.equal(Number.parseInt(stdout, 16), 0)
})

t.test('a kernel that has no such thing is no trouble', async (t) => {
  t.doesNotThrow(() => {
    keepOutOfDumps('/nonexistent/file')
  })
})
