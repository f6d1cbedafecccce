import type { Test } from 'tap'
import { startCommand, type CommandOptions, type RunningCommand } from './command.ts'
import { licensed } from './licensed.ts'
import { FakeNfs } from './nfs-server.ts'
import { accepted, bytes } from './rpc-bytes.ts'

/** A scripted NFS server that can fall silent and speak again, and how to watch it. */
export type WatchedNfs = {
  /** the options that name this server */
  argv: string[]
  env: { CLP_FSMON_ROOT: string }
  fallSilent: () => void
  speak: () => void
  /** the number of checks that have reached it */
  checks: () => number
  start: (id: string, more?: string[], options?: CommandOptions) => RunningCommand
}

/** Starts a scripted NFS server and keeps the state of its monitors in a directory of the test. */
export async function watchedNfs(t: Test): Promise<WatchedNfs> {
  let silent = false
  const nfs = await FakeNfs.start(t, {
    on: { 'nfs3.null': (call) => (silent ? undefined : accepted(call.xid, bytes())) },
  })
  const argv = ['-d', '/srv/data', '-a', '127.0.0.1', `-n${nfs.nfs.port}`]
  argv.push('--mount-port', String(nfs.mount.port), '--nfs-version', '3')
  const env = { CLP_FSMON_ROOT: t.testdir() }
  await licensed(env.CLP_FSMON_ROOT)
  return {
    argv,
    env,
    fallSilent: () => {
      silent = true
    },
    speak: () => {
      silent = false
    },
    checks: () => nfs.log.filter((call) => call === 'nfs3.null').length,
    start: (id, more = [], options = {}) =>
      startCommand(t, 'clp_nfsmon', [id, ...argv, ...more], {
        ...options,
        env: { ...env, ...options.env },
      }),
  }
}
