import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import t from 'tap'
import { sourceProcess } from '../../helpers/source-process.ts'

const source = join(import.meta.dirname, '../../../src/cli/monitor/ignore-signals.ts')

t.test('neither a debugger is opened nor the process ended', async (t) => {
  const program = `
    const { ignoreSignals } = await import(${JSON.stringify(source)})
    const { url } = await import('node:inspector')
    const { once } = await import('node:events')
    ignoreSignals()
    const alive = setInterval(() => {}, 1000)
    for (const signal of ['SIGUSR1', 'SIGXFSZ']) {
      const heard = once(process, signal)
      process.kill(process.pid, signal)
      await heard
    }
    process.stdout.write(String(url()))
    clearInterval(alive)`
  const argv = [...sourceProcess.argv, '--input-type=module', '-e', program]
  const child = spawn(process.execPath, argv, { env: sourceProcess.env })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const [status] = (await once(child, 'close')) as [number | null]
  t.strictSame({ status, said }, { status: 0, said: 'undefined' })
})
