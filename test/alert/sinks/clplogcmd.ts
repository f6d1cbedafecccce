import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { clplogcmdSink } from '../../../src/alert/sinks/clplogcmd.ts'
import { sampleEntry } from '../../helpers/sample-entry.ts'

const env = { PATH: '/usr/bin:/bin' }

function recorder(dir: string): string {
  writeFileSync(
    `${dir}/clplogcmd`,
    `#!/bin/sh\nprintf '%s|' "$@" >>${dir}/calls; echo >>${dir}/calls\n`,
  )
  chmodSync(`${dir}/clplogcmd`, 0o755)
  return `${dir}/clplogcmd`
}

t.test('an alert is a call of the command with its text, level and ID', async (t) => {
  const dir = t.testdir()
  const sink = clplogcmdSink({ file: recorder(dir), env, timeoutMs: 30_000 })
  await sink.deliver(sampleEntry())
  await sink.deliver(sampleEntry({ id: 2, level: 'info', message: '-x' }))
  await sink.deliver(sampleEntry({ id: 101, level: 'warn', message: 'slow' }))
  const { id: _, ...without } = sampleEntry()
  await sink.deliver(without)
  t.equal(
    readFileSync(`${dir}/calls`, 'utf8'),
    '-m|The clp_sambamon will terminate.|-l|ERR|-i|6|--alert|\n' +
      '-m|-x|-l|INFO|-i|2|--alert|\n' +
      '-m|slow|-l|WARN|-i|101|--alert|\n' +
      '-m|The clp_sambamon will terminate.|-l|ERR|-i|0|--alert|\n',
  )
})

t.test('a long message takes several calls, in order', async (t) => {
  const dir = t.testdir()
  const sink = clplogcmdSink({ file: recorder(dir), env, timeoutMs: 30_000 })
  await sink.deliver(sampleEntry({ message: 'a'.repeat(255) + 'b'.repeat(255) + 'c' }))
  const texts = readFileSync(`${dir}/calls`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('|')[1])
  t.same(texts, ['a'.repeat(255), 'b'.repeat(255), 'c'])
})

t.test(
  'it takes alerts and nothing else, and finds its command in the path it is given',
  async (t) => {
    const dir = t.testdir()
    recorder(dir)
    const sink = clplogcmdSink({ file: 'clplogcmd', env: { PATH: dir }, timeoutMs: 30_000 })
    t.equal(sink.takes(sampleEntry()), true)
    t.equal(sink.takes(sampleEntry({ kind: 'log' })), false)
    await t.resolves(sink.deliver(sampleEntry()))
  },
)
