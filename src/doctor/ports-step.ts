import { readFileSync } from 'node:fs'
import type { Finding } from './finding.ts'

/** The ports that checks of NFS come from, as the client of RPC takes them. */
const lowest = 512
const count = 512

/** Fewer may soon be none. */
const fewPorts = 64

/** Whether enough reserved ports are free for the watches of NFS. */
export function judgePorts(used: ReadonlySet<number>, nfsWatches: number): Finding[] {
  const free = count - used.size
  const values = { free, watches: nfsWatches, lowest, highest: lowest + count - 1 }
  if (nfsWatches === 0) return [{ grade: 'ok', what: 'notNeeded', values }]
  if (free === 0) return [{ grade: 'failure', what: 'none', values }]
  return [
    { grade: free < fewPorts ? 'warning' : 'ok', what: free < fewPorts ? 'few' : 'enough', values },
  ]
}

/** The reserved ports that something of this host has at the moment. */
export function usedPorts(
  files: readonly string[] = ['/proc/net/tcp', '/proc/net/tcp6'],
): Set<number> {
  const used = new Set<number>()
  for (const file of files) {
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch {
      continue
    }
    for (const [, hex = ''] of text.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) /gm)) {
      const port = parseInt(hex, 16)
      if (port >= lowest && port < lowest + count) used.add(port)
    }
  }
  return used
}
