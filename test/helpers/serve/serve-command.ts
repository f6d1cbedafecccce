import type { Test } from 'tap'
import { startCommand, type RunningCommand } from '../command.ts'
import { eventually } from '../eventually.ts'

/** Starts the built `clp_fsmon serve` on a free port of this host, and waits until it listens. */
export async function startServe(
  t: Test,
  root: string,
  argv: readonly string[] = [],
): Promise<RunningCommand & { url: string }> {
  const env = { CLP_FSMON_ROOT: root }
  const running = startCommand(t, 'clp_fsmon', ['serve', '--listen', '127.0.0.1:0', ...argv], {
    env,
  })
  let out = ''
  running.child.stdout?.on('data', (text: string) => (out += text))
  let url = ''
  await eventually('the server listens', () => {
    url = /https?:\/\/\S+(?=\/\n)/.exec(out)?.[0] ?? ''
    return url !== ''
  })
  return { ...running, url }
}
