import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { identityOf, type ProcessIdentity } from '../../src/registry/process-identity.ts'

/** Another process that runs until the test is over. */
export async function spawnSleeper(t: {
  teardown: (act: () => unknown) => void
}): Promise<ProcessIdentity> {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore' })
  await once(child, 'spawn')
  t.teardown(() => child.kill('SIGKILL'))
  const identity = identityOf(child.pid ?? 0)
  if (identity === undefined) throw new Error('it has not come to life')
  return identity
}
