import t from 'tap'
import type { Facts } from '../../src/diagnosis/facts.ts'
import { mains } from '../../src/diagnosis/rules-host.ts'
import {
  keysOf,
  listenerOf,
  nfs,
  nfsFacts,
  processOf,
  samba,
  sambaFacts,
} from '../helpers/diagnosis.ts'

const main = processOf('smbd')
const child = processOf('smbd', { pid: 102, parent: 100, name: 'smbd[192.0.2.7]' })

t.test('the main processes are those that no other of the program has started', async (t) => {
  t.strictSame(mains([main, child, processOf('nfsd', { pid: 3 })], 'smbd'), [main])
})

const smbConf = { file: '/etc/samba/smb.conf', program: 'smbd' } as const
const exports = { file: '/etc/exports', program: 'nfsd' } as const
const nfsd = processOf('nfsd')
const blocked = {
  pid: 1,
  tid: 2,
  name: 'smbd',
  program: 'smbd',
  wchan: 'rq_wait',
  forMs: 3000,
} as const
const files = { pid: 100, name: 'smbd', program: 'smbd', open: 64, limit: 64, free: 0 } as const
const oomKill = { name: 'smbd', line: '4 s ago: Out of memory: Killed process 100' }

type Case = [what: string, facts: Facts, keys: string[]]

const cases: Case[] = [
  [
    'smbd stopped',
    sambaFacts({ processes: [{ ...main, state: 'T' }, child] }),
    ['process-stopped'],
  ],
  ['smbd traced', sambaFacts({ processes: [{ ...main, state: 't' }] }), ['process-stopped']],
  ['one child stopped', sambaFacts({ processes: [main, { ...child, state: 'T' }] }), []],
  [
    'winbindd stopped, which is needed',
    sambaFacts({
      processes: [main, processOf('winbindd', { pid: 5, state: 'T' })],
      configuration: { ...smbConf, winbindBy: 'smb.conf: security = ads' },
    }),
    ['process-stopped'],
  ],
  [
    'winbindd stopped, which nobody needs',
    sambaFacts({ processes: [main, processOf('winbindd', { pid: 5, state: 'T' })] }),
    [],
  ],
  [
    'rpcbind stopped',
    nfsFacts({
      processes: [processOf('ganesha.nfsd'), processOf('rpcbind', { pid: 9, state: 'T' })],
    }),
    ['process-stopped'],
  ],
  ['smbd gone', sambaFacts({ processes: [], listeners: [] }), ['process-missing']],
  [
    'smbd gone, and no configuration',
    sambaFacts({ processes: [], listeners: [], configuration: { ...smbConf, isAbsent: true } }),
    ['process-missing'],
  ],
  [
    'smbd a zombie',
    sambaFacts({ processes: [{ ...main, state: 'Z' }], listeners: [] }),
    ['process-zombie'],
  ],
  [
    'smbd killed for memory',
    sambaFacts({ processes: [], listeners: [], oomKills: [oomKill] }),
    ['oom-killed', 'process-missing'],
  ],
  [
    'smbd killed for memory, a child of it left',
    sambaFacts({ processes: [child], listeners: [], oomKills: [oomKill] }),
    ['oom-killed', 'not-listening'],
  ],
  ['a child killed for memory', sambaFacts({ oomKills: [oomKill] }), []],
  [
    'a holder of the port that cannot be seen, such as a container',
    sambaFacts({ processes: [], listeners: [listenerOf(445)] }),
    [],
  ],
  ['the kernel serves', sambaFacts({ processes: [processOf('ksmbd')], listeners: [] }), []],
  [
    'the port taken',
    sambaFacts({
      processes: [],
      listeners: [listenerOf(445, { owners: [{ pid: 7, name: 'nc' }] })],
    }),
    ['port-taken', 'process-missing'],
  ],
  [
    'the portmapper’s port taken',
    nfsFacts({
      target: { ...nfs, portmapper: 'needed' },
      processes: [processOf('ganesha.nfsd')],
      listeners: [
        listenerOf(2049, { owners: [{ pid: 100, name: 'ganesha.nfsd', program: 'ganesha.nfsd' }] }),
        listenerOf(111, { owners: [{ pid: 7, name: 'nc' }] }),
      ],
    }),
    ['port-taken'],
  ],
  [
    'a forwarder at the port',
    sambaFacts({ listeners: [listenerOf(445, { owners: [{ pid: 7, name: 'haproxy' }] })] }),
    [],
  ],
  ...['systemd', 'docker-proxy', 'conmon', 'socat'].map((name): Case => [
    `no process of ours behind ${name}`,
    sambaFacts({
      processes: [],
      listeners: [listenerOf(445, { owners: [{ pid: 7, name }] })],
    }),
    [],
  ]),
  [
    'connections passed on unseen, and no process of ours',
    sambaFacts({ processes: [], listeners: [], isForwarded: true, oomKills: [oomKill] }),
    [],
  ],
  [
    'connections passed on unseen to another port of ours',
    sambaFacts({ listeners: [], isForwarded: true }),
    [],
  ],
  ['nobody listens', sambaFacts({ listeners: [], isForwarded: false }), ['not-listening']],
  ['a queue that was full for a moment', queue([51, 3]), []],
  ['a full queue', queue([51, 51]), ['backlog-full']],
  ['a long queue of one that may be long', queue([51, 60], 128), []],
  [
    'winbindd gone',
    sambaFacts({ configuration: { ...smbConf, winbindBy: 'smb.conf: security = ads' } }),
    ['winbind-missing'],
  ],
  [
    'winbindd there',
    sambaFacts({
      processes: [main, processOf('winbindd', { pid: 5 })],
      configuration: { ...smbConf, winbindBy: 'smb.conf: security = ads' },
    }),
    [],
  ],
  ['rpcbind gone', withoutRpcbind('needed', false), ['rpcbind-missing']],
  ['rpcbind gone, version 3 configured', withoutRpcbind('perhaps', true), ['rpcbind-missing']],
  ['no rpcbind, and no version 3', withoutRpcbind('perhaps', false), []],
  ['no rpcbind, and fixed ports', withoutRpcbind('unused', true), []],
  [
    'mountd gone',
    nfsFacts({
      processes: [nfsd, processOf('rpcbind', { pid: 9 })],
      configuration: { ...exports, hasResource: true, servesVersion3: true },
    }),
    ['mountd-missing'],
  ],
  ['no more files', sambaFacts({ files: [files] }), ['fd-limit']],
  ['no more files for one client', sambaFacts({ files: [{ ...files, pid: 102 }] }), []],
  [
    'no more files for Ganesha',
    nfsFacts({ files: [{ ...files, name: 'ganesha.nfsd', program: 'ganesha.nfsd' }] }),
    ['fd-limit'],
  ],
  [
    'no more files for all',
    sambaFacts({ fileTable: { open: 999, most: 1000 } }),
    ['file-table-full'],
  ],
  ['a thread that does not move', sambaFacts({ blocked: [blocked] }), ['process-blocked']],
  [
    'smb.conf broken',
    sambaFacts({ configuration: { ...smbConf, invalid: ['line'] } }),
    ['smb-conf-invalid'],
  ],
  [
    'exports broken',
    nfsFacts({ configuration: { ...exports, program: 'ganesha.nfsd', invalid: ['line'] } }),
    ['exports-invalid'],
  ],
  [
    'no such share',
    sambaFacts({ configuration: { ...smbConf, hasResource: false } }),
    ['share-missing'],
  ],
  [
    'no such export',
    nfsFacts({ configuration: { ...exports, program: 'ganesha.nfsd', hasResource: false } }),
    ['export-missing'],
  ],
  [
    'no such share, of a server that said no',
    sambaFacts({
      target: { ...samba, failure: 'refused' },
      configuration: { ...smbConf, hasResource: false },
      pressure: {},
    }),
    ['share-missing'],
  ],
  ...['timeout', 'connect', 'broken'].map((failure): Case => [
    `no such share, of a server that did not say so (${failure})`,
    sambaFacts({
      target: { ...samba, failure },
      configuration: { ...smbConf, hasResource: false },
      pressure: {},
    }),
    [],
  ]),
  [
    'in grace',
    nfsFacts({ grace: { program: 'ganesha.nfsd', line: 'NFS Server Now IN GRACE' } }),
    ['grace-period'],
  ],
  ['grace was the answer', nfsFacts({ target: { ...nfs, failure: 'grace' } }), ['grace-period']],
  ['short of memory', sambaFacts({ pressure: { memoryFull: 44.5 } }), ['memory-pressure']],
  [
    'overloaded, and a check came to its limit',
    sambaFacts({ target: { ...samba, failure: 'timeout' } }),
    ['io-pressure', 'cpu-pressure'],
  ],
  ['no pressure known', sambaFacts({ pressure: {} }), []],
  [
    'no sign of an NFS server',
    { target: nfs, network: { isHere: true }, processes: [], listeners: [] },
    [],
  ],
]
for (const [what, facts, keys] of cases) {
  t.test(what, async (t) => {
    t.strictSame(keysOf(facts), keys)
  })
}

function queue(waiting: [number, number], most = 50): Facts {
  const owners = [{ pid: 100, name: 'smbd', program: 'smbd' }] as const
  return sambaFacts({ listeners: [listenerOf(445, { waiting, most, owners })] })
}

function withoutRpcbind(
  portmapper: 'needed' | 'perhaps' | 'unused',
  servesVersion3: boolean,
): Facts {
  const facts = nfsFacts()
  return {
    ...facts,
    target: { ...nfs, portmapper },
    processes: [processOf('ganesha.nfsd')],
    listeners: (facts.listeners ?? []).filter(({ port }) => port !== 111),
    ...(facts.configuration && { configuration: { ...facts.configuration, servesVersion3 } }),
  }
}
