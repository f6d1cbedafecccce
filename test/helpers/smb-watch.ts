import type { Test } from 'tap'
import { startCommand, type CommandOptions, type RunningCommand } from './command.ts'
import { licensed } from './licensed.ts'
import { SmbServer, type SmbServerOptions } from './smb-server.ts'

/** A scripted SMB server that can fall silent and speak again, and how to watch it. */
export type WatchedSmb = {
  server: SmbServer
  /** the options that name this server */
  argv: string[]
  env: { CLP_FSMON_ROOT: string }
  fallSilent: () => void
  speak: () => void
  /** the number of checks that have reached it */
  checks: () => number
  start: (id: string, more?: string[], options?: CommandOptions) => RunningCommand
}

/** Starts a scripted SMB server and keeps the state of its monitors in a directory of the test. */
export async function watchedSmb(t: Test, options: SmbServerOptions = {}): Promise<WatchedSmb> {
  let silent = false
  const server = await SmbServer.start({
    ...options,
    deliver: (socket, frames) => {
      if (!silent) socket.write(Buffer.concat(frames))
    },
  })
  t.teardown(() => server.close())
  const argv = ['-s', 'pub', '-a', '127.0.0.1', '--port', String(server.port)]
  const env = { CLP_FSMON_ROOT: t.testdir() }
  await licensed(env.CLP_FSMON_ROOT)
  return {
    server,
    argv,
    env,
    fallSilent: () => {
      silent = true
    },
    speak: () => {
      silent = false
    },
    checks: () => server.seen.filter(({ command }) => command === 0).length,
    start: (id, more = [], options = {}) =>
      startCommand(t, 'clp_sambamon', [id, ...argv, ...more], {
        ...options,
        env: { ...env, ...options.env },
      }),
  }
}
