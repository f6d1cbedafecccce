import type { NfsTarget } from '../../../src/probe/nfs-check.ts'

/** One way for a good run to go. */
export type NfsRun = {
  name: string
  version: NfsTarget['version']
  depth: NfsTarget['depth']
  path?: string
  transport?: 'tcp' | 'udp'
  /** minor versions that the server has */
  minors?: readonly number[]
}

/** Every version, every depth, both transports. */
export const nfsRuns: readonly NfsRun[] = [
  { name: 'version 3', version: '3', depth: 'write', path: 'a.txt' },
  { name: 'version 3, a listing', version: '3', depth: 'read' },
  { name: 'version 3 over UDP', version: '3', depth: 'share', transport: 'udp' },
  { name: 'version 4.0', version: '4.0', depth: 'write', path: 'a.txt' },
  { name: 'version 4.1', version: '4.1', depth: 'write', path: 'a.txt' },
  { name: 'version 4.2, a listing', version: '4.2', depth: 'read' },
  { name: 'auto, with version 3', version: 'auto', depth: 'share' },
  { name: 'version 4 with 4.1 as the highest', version: '4', depth: 'share', minors: [0, 1] },
]
