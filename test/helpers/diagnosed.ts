import { join } from 'node:path'
import type { Host } from './lab.ts'

const command = join(import.meta.dirname, '../../bin/clp_fsmon')

/** A cause as the command tells it. */
export type Found = { key: string; text: string; evidence: string[] }

/** What `clp_fsmon diagnose`, run on a host, says of a server. */
export async function diagnosed(host: Host, words: readonly string[]): Promise<Found[]> {
  const argv = ['-u', 'NODE_OPTIONS', process.execPath, command, 'diagnose', ...words]
  const { stdout, stderr } = await host.exec('env', [...argv, '--json', '--limit', '60'])
  const last = stdout.trim().split('\n').at(-1) ?? ''
  const result = JSON.parse(last === '' ? '{}' : last) as { done?: true; causes: Found[] }
  if (result.done !== true) throw new Error(`not done: ${stdout}${stderr}`)
  return result.causes
}
