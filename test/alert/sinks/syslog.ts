import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { syslogSink } from '../../../src/alert/sinks/syslog.ts'
import { sampleEntry } from '../../helpers/sample-entry.ts'

t.test('an entry is a call of logger, with the module as its tag', async (t) => {
  const dir = t.testdir()
  const file = `${dir}/logger`
  writeFileSync(file, `#!/bin/sh\nprintf '%s|' "$@" >>${dir}/calls; echo >>${dir}/calls\n`)
  chmodSync(file, 0o755)
  const sink = syslogSink({ file, env: { PATH: '/usr/bin:/bin' }, timeoutMs: 30_000 })
  await sink.deliver(sampleEntry())
  await sink.deliver(sampleEntry({ id: 2, level: 'info', message: 'a\nb' }))
  const { id: _, ...rest } = sampleEntry({ kind: 'log', level: 'warn', message: 'w' })
  await sink.deliver(rest)
  t.equal(
    readFileSync(`${dir}/calls`, 'utf8'),
    '-t|sambamon|-p|daemon.err|--|6 The clp_sambamon will terminate.|\n' +
      '-t|sambamon|-p|daemon.info|--|2 a\\u000ab|\n' +
      '-t|sambamon|-p|daemon.warning|--|w|\n',
  )
})

t.test('it takes alerts, and of the log what is grave', (t) => {
  const sink = syslogSink({ file: 'logger', env: {}, timeoutMs: 1 })
  t.equal(sink.takes(sampleEntry({ level: 'info' })), true)
  t.equal(sink.takes(sampleEntry({ kind: 'log', level: 'warn' })), true)
  t.equal(sink.takes(sampleEntry({ kind: 'log', level: 'info' })), false)
  t.end()
})
