import t from 'tap'
import type { Facts } from '../../src/diagnosis/facts.ts'
import { networkCauses } from '../../src/diagnosis/rules-network.ts'
import { listenerOf, nfs, processOf, samba } from '../helpers/diagnosis.ts'

const address = '192.0.2.10'
const silent = { address, device: 'eth0', isAnswering: false, isTarget: true }
const gateway = { address: '192.0.2.1', device: 'eth0', isAnswering: false, isTarget: false }
const smbd = { processes: [processOf('smbd')], listeners: [listenerOf(445)] }

const cases: [what: string, facts: Facts, keys: string[]][] = [
  ['not looked at yet', { target: samba }, []],
  ['here', { target: samba, network: { address, isHere: true } }, []],
  ['elsewhere, and answering', { target: samba, network: { address, isHere: false } }, []],
  [
    'no such name',
    { target: { ...samba, address: 'fs' }, network: { isHere: false, unresolved: 'ENOTFOUND' } },
    ['name-unresolved'],
  ],
  [
    'no route',
    { target: samba, network: { address, isHere: false, routeError: 'ENETUNREACH' } },
    ['no-route'],
  ],
  [
    'nobody answers',
    { target: samba, network: { address, isHere: false, neighbour: silent } },
    ['neighbour-silent'],
  ],
  [
    'the gateway does not answer',
    { target: samba, network: { address, isHere: false, neighbour: gateway } },
    ['neighbour-silent'],
  ],
  [
    'it was here',
    {
      target: { ...samba, wasHere: true },
      network: { address, isHere: false, neighbour: { ...silent, isAnswering: true } },
      ...smbd,
    },
    ['address-absent'],
  ],
  [
    'the server is here, and nobody has its address',
    {
      target: samba,
      network: { address, isHere: false, neighbour: silent, near: 'eth0' },
      ...smbd,
    },
    ['address-absent', 'neighbour-silent'],
  ],
  [
    'the server is here, and another host has the address',
    {
      target: samba,
      network: {
        address,
        isHere: false,
        neighbour: { ...silent, isAnswering: true },
        near: 'eth0',
      },
      ...smbd,
    },
    [],
  ],
  [
    'an NFS server is here, and nobody has its address',
    {
      target: nfs,
      network: { address, isHere: false, neighbour: silent, near: 'eth0' },
      processes: [processOf('ganesha.nfsd')],
      listeners: [listenerOf(2049)],
    },
    ['address-absent', 'neighbour-silent'],
  ],
]
for (const [what, facts, keys] of cases) {
  t.test(what, async (t) => {
    const causes = networkCauses(facts)
    t.strictSame(
      causes.map(({ key }) => key),
      keys,
    )
    for (const { evidence } of causes) t.ok(evidence.length > 0)
  })
}
