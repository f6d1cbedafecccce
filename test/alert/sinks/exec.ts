import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { execSink } from '../../../src/alert/sinks/exec.ts'
import { eventually } from '../../helpers/eventually.ts'
import { identityOf } from '../../../src/registry/process-identity.ts'
import { sampleEntry } from '../../helpers/sample-entry.ts'

function program(directory: string, text: string, timeoutMs = 30_000) {
  const file = join(directory, 'program')
  writeFileSync(file, `#!/bin/sh\n${text}\n`)
  chmodSync(file, 0o755)
  return { file, env: { PATH: '/usr/bin:/bin' }, timeoutMs }
}

t.test('a program gets the alert on its input, and its main points as variables', async (t) => {
  const directory = t.testdir()
  const text = `cat >'${directory}/in'; env >'${directory}/env'; printf '%s|' "$@" >'${directory}/args'`
  const sink = execSink({
    name: 'mail',
    program: program(directory, text),
    args: ['a b', '$HOME'],
    filter: { levels: ['error'] },
  })
  t.equal(sink.name, 'exec mail')
  t.equal(sink.takes(sampleEntry({ level: 'info' })), false)
  const message = 'two\nlines $(reboot)'
  await sink.deliver(sampleEntry({ monitor: 'w1', target: 'pub', message }))
  t.match(JSON.parse(readFileSync(`${directory}/in`, 'utf8')), {
    version: 1,
    key: /^[\da-f-]{36}$/,
    id: 6,
    watch: 'w1',
    message: 'two\nlines $(reboot)',
  })
  const env = readFileSync(`${directory}/env`, 'utf8').split('\n')
  for (const line of [
    'CLP_ALERT_ID=6',
    'CLP_ALERT_LEVEL=error',
    'CLP_ALERT_MODULE=sambamon',
    'CLP_ALERT_SERVER=server1',
    'CLP_ALERT_WATCH=w1',
    'CLP_ALERT_TARGET=pub',
    'CLP_ALERT_MESSAGE=two\\u000alines $(reboot)',
  ]) {
    t.ok(env.includes(line), line)
  }
  t.equal(readFileSync(`${directory}/args`, 'utf8'), 'a b|$HOME|', 'no shell has read them')
})

t.test('one that does not read its input is no failure', async (t) => {
  const sink = execSink({
    name: 'deaf',
    program: program(t.testdir(), 'exec <&-; exit 0'),
    args: [],
    filter: {},
  })
  const { id, ...without } = sampleEntry({ message: 'x'.repeat(500_000) })
  t.equal(id, 6)
  // A variable cannot be that long, which is a failure that is told and no more.
  await t.rejects(sink.deliver(without), { code: 'E2BIG' })
  await sink.deliver(sampleEntry({ detail: { much: 'x'.repeat(500_000) } }))
})

t.test('one that takes too long is ended with all that it has started', async (t) => {
  const directory = t.testdir()
  const text = `sleep 1000 & echo $! >'${directory}/pid'; wait`
  const sink = execSink({
    name: 'slow',
    program: program(directory, text, 500),
    args: [],
    filter: {},
  })
  await t.rejects(sink.deliver(sampleEntry()), { message: /did not end within 500 ms/ })
  t.ok(existsSync(`${directory}/pid`))
  const pid = Number(readFileSync(`${directory}/pid`, 'utf8'))
  await eventually('the child of the child is gone', () => {
    if (identityOf(pid) === undefined) return true
    return readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ')
  })
})
