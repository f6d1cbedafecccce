import type { Facts, Listener, ServerProcess, Target } from '../../src/diagnosis/facts.ts'
import { judge } from '../../src/diagnosis/judge.ts'

export const samba: Target = {
  kind: 'samba',
  address: '192.0.2.10',
  port: 445,
  resource: 'pub',
  portmapper: 'unused',
}

export const nfs: Target = {
  kind: 'nfs',
  address: '192.0.2.10',
  port: 2049,
  resource: '/export/data',
  portmapper: 'perhaps',
}

export function processOf(
  program: ServerProcess['program'],
  more: Partial<ServerProcess> = {},
): ServerProcess {
  return { pid: 100, parent: 1, name: program, program, state: 'S', ...more }
}

export function listenerOf(port: number, more: Partial<Listener> = {}): Listener {
  return { port, address: '0.0.0.0', inode: '7', waiting: [0, 0], most: 50, owners: [], ...more }
}

/** A host on which Samba is well, with something changed. */
export function sambaFacts(more: Partial<Facts> = {}): Facts {
  const smbd = processOf('smbd')
  return {
    target: samba,
    network: { address: '192.0.2.10', isHere: true },
    processes: [smbd, processOf('smbd', { pid: 101, parent: 100, name: 'smbd-notifyd' })],
    blocked: [],
    files: [{ pid: 100, name: 'smbd', program: 'smbd', open: 30, limit: 16384, free: 16354 }],
    fileTable: { open: 2000, most: 9_000_000 },
    listeners: [listenerOf(445, { owners: [{ pid: 100, name: 'smbd', program: 'smbd' }] })],
    configuration: { file: '/etc/samba/smb.conf', program: 'smbd', hasResource: true },
    directories: [],
    oomKills: [],
    pressure: { cpuSome: 100, memoryFull: 0, ioFull: 99 },
    ...more,
  }
}

/** A host on which Ganesha is well, with something changed. */
export function nfsFacts(more: Partial<Facts> = {}): Facts {
  const own = { pid: 100, name: 'ganesha.nfsd', program: 'ganesha.nfsd' } as const
  const rpcbind = { pid: 90, name: 'rpcbind', program: 'rpcbind' } as const
  return {
    ...sambaFacts(),
    target: nfs,
    processes: [processOf('ganesha.nfsd'), processOf('rpcbind', { pid: 90 })],
    files: [],
    listeners: [listenerOf(2049, { owners: [own] }), listenerOf(111, { owners: [rpcbind] })],
    configuration: {
      file: '/etc/ganesha/ganesha.conf',
      program: 'ganesha.nfsd',
      hasResource: true,
      servesVersion3: true,
    },
    ...more,
  }
}

/** The keys of what is judged, the most probable first. */
export function keysOf(facts: Facts): string[] {
  return judge(facts).map(({ key }) => key)
}
