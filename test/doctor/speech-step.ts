import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { judgeSpeech, startLogCommand, syslogAt } from '../../src/doctor/speech-step.ts'

t.test('both ways are told, each by itself', async (t) => {
  const all = {
    clplogcmd: '/usr/sbin/clplogcmd',
    logger: '/usr/bin/logger',
    syslog: 'listens',
    install: 'dnf install -y',
    loggerPackage: 'util-linux',
    startLog: 'rsyslogd',
  } as const
  t.match(judgeSpeech(all), [
    { grade: 'ok', what: 'clplogcmd' },
    { grade: 'ok', what: 'syslog' },
  ])
  t.match(judgeSpeech({ ...all, clplogcmd: undefined, syslog: 'nobody' }), [
    { grade: 'note', what: 'noClplogcmd' },
    { grade: 'warning', what: 'noSyslog', values: { startLog: 'rsyslogd' } },
  ])
  t.match(judgeSpeech({ ...all, logger: undefined }), [
    { grade: 'ok' },
    {
      grade: 'warning',
      what: 'noLogger',
      values: { install: 'dnf install -y', package: 'util-linux' },
    },
  ])
})

t.test('a socket that is listened on is told from one that is not, and from none', async (t) => {
  // The path of a socket must be short.
  const directory = mkdtempSync(join(tmpdir(), 'log-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'log')
  t.equal(await syslogAt(path), 'missing')
  const server = createServer()
  server.listen(path)
  await once(server, 'listening')
  t.equal(await syslogAt(path), 'listens')
  server.close()
  await once(server, 'close')
  writeFileSync(join(directory, 'file'), '')
  t.equal(await syslogAt(join(directory, 'file')), 'missing')
})

t.test('a system log is started as this host can', async (t) => {
  const only =
    (...programs: string[]) =>
    (program: string) =>
      programs.includes(program)
  t.equal(startLogCommand(only('rsyslogd'), true), 'systemctl start rsyslog')
  t.equal(startLogCommand(only('syslog-ng'), true), 'systemctl start syslog-ng')
  t.equal(startLogCommand(only(), true), 'systemctl start systemd-journald-dev-log.socket')
  t.equal(startLogCommand(only('rsyslogd'), false), 'rsyslogd')
  t.equal(startLogCommand(only('dnf'), false), 'dnf install -y rsyslog && rsyslogd')
})
