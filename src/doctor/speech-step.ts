import { lstatSync } from 'node:fs'
import { connect } from 'node:net'
import { codeOf } from '../registry/code-of.ts'
import type { Finding } from './finding.ts'
import { type Has, installCommand } from './install-command.ts'

/** What is known of the ways that alerts take. */
export type SpeechFacts = {
  clplogcmd: string | undefined
  logger: string | undefined
  /** who takes what is meant for the system's log */
  syslog: 'listens' | 'nobody' | 'missing'
  /** how a package is installed here, which one has `logger`, and how a system log is started */
  install: string
  loggerPackage: string
  startLog: string
}

/** Whether alerts reach the cluster's alert view and the system's log. */
export function judgeSpeech(facts: SpeechFacts): Finding[] {
  const { clplogcmd, logger, syslog, install, loggerPackage, startLog } = facts
  const cluster: Finding =
    clplogcmd === undefined
      ? { grade: 'note', what: 'noClplogcmd' }
      : { grade: 'ok', what: 'clplogcmd', values: { file: clplogcmd } }
  if (logger === undefined) {
    const values = { install, package: loggerPackage }
    return [cluster, { grade: 'warning', what: 'noLogger', values }]
  }
  const system: Finding =
    syslog === 'listens'
      ? { grade: 'ok', what: 'syslog' }
      : { grade: 'warning', what: 'noSyslog', values: { socket: '/dev/log', startLog } }
  return [cluster, system]
}

/** How what is installed here can take messages for the system's log. */
export function startLogCommand(has: Has, hasSystemd: boolean): string {
  const daemon = ['rsyslogd', 'syslog-ng'].find(has)
  if (hasSystemd) {
    const unit =
      daemon === undefined ? 'systemd-journald-dev-log.socket' : daemon.replace(/gd$/, 'g')
    return `systemctl start ${unit}`
  }
  return daemon ?? `${installCommand(has)} rsyslog && rsyslogd`
}

/** Whether somebody takes messages from a socket; none is sent. */
export async function syslogAt(path: string): Promise<SpeechFacts['syslog']> {
  try {
    if (!lstatSync(path).isSymbolicLink() && !lstatSync(path).isSocket()) return 'missing'
  } catch {
    return 'missing'
  }
  const socket = connect(path)
  try {
    return await new Promise((resolve) => {
      socket.on('connect', () => {
        resolve('listens')
      })
      socket.on('error', (error) => {
        // A socket of messages is asked for a connection: somebody is there, who has none to give.
        resolve(codeOf(error) === 'EPROTOTYPE' ? 'listens' : 'nobody')
      })
    })
  } finally {
    socket.destroy()
  }
}
