import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { sourceProcess } from '../../helpers/source-process.ts'

const module = join(import.meta.dirname, '../../../src/cli/monitor/process-events.ts')

/** A process that listens and tells what it hears; an end of input lets it go. */
async function listener(t: Test, after = '') {
  const program = `
    const { listenToProcess } = await import(${JSON.stringify(module)})
    listenToProcess({ onStop: (why) => console.log('stop', why), onBug: (e) => console.log('bug', e.message) })
    console.log('ready')
    process.stdin.on('data', () => {}).on('end', () => process.exit(0))
    ${after}`
  const argv = [...sourceProcess.argv, '--input-type=module', '-e', program]
  const { env } = sourceProcess
  const child = spawn(process.execPath, argv, { env, stdio: ['pipe', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  let heard = ''
  const waiting = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    heard += text
    for (const look of waiting) look()
  })
  const hears = async (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (heard.includes(text)) resolve()
      }
      waiting.add(look)
      look()
    })
  await hears('ready')
  return { child, hears }
}

t.test('the signals that end a process are told instead', async (t) => {
  const { child, hears } = await listener(t)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    child.kill(signal)
    await hears(`stop ${signal}`)
  }
  child.stdin.end()
  t.strictSame(await once(child, 'exit'), [0, null])
})

t.test('errors that nobody caught are told and end nothing', async (t) => {
  const after = `setImmediate(() => { throw new Error('thrown') }); Promise.reject(new Error('rejected'))`
  const { child, hears } = await listener(t, after)
  await hears('bug thrown')
  await hears('bug rejected')
  child.stdin.end()
  t.strictSame(await once(child, 'exit'), [0, null])
})

t.test('whoever waited for such errors before is not told any more', async (t) => {
  const program = `
    const { listenToProcess } = await import(${JSON.stringify(module)})
    process.on('uncaughtException', () => process.exit(5))
    listenToProcess({ onStop: () => {}, onBug: () => process.exit(7) })
    setImmediate(() => { throw new Error('thrown') })`
  const argv = [...sourceProcess.argv, '--input-type=module', '-e', program]
  const child = spawn(process.execPath, argv, { env: sourceProcess.env, stdio: 'ignore' })
  t.strictSame(await once(child, 'exit'), [7, null])
})
