import { join } from 'node:path'
import t from 'tap'
import {
  gracePeriod,
  groupOomKills,
  kernelOomKills,
  oomKills,
  pressure,
} from '../../src/diagnosis/gather-host.ts'
import { processOf } from '../helpers/diagnosis.ts'

t.test('pressure is read where the kernel tells it', async (t) => {
  const root = t.testdir({
    proc: {
      pressure: {
        cpu: 'some avg10=7.68 avg60=2.71 avg300=8.65 total=2\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
        memory:
          'some avg10=1.00 avg60=0.00 avg300=0.00 total=1\nfull avg10=22.50 avg60=0.00 avg300=0.00 total=5\n',
      },
    },
  })
  t.strictSame(pressure(root), { cpuSome: 7.68, memoryFull: 22.5 })
  t.strictSame(pressure(t.testdir({})), {})
})

/** As Linux 6.18 writes them. */
const log = `6,46991,38614680920,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,task=smbd,pid=4578,uid=0
3,46809,38592432969,-;Memory cgroup out of memory: Killed process 1358 (node) total-vm:727392kB, UID:0
3,46992,38614680958,-;Memory cgroup out of memory: Killed process 4578 (smbd) total-vm:72kB, UID:0
3,47000,38700000000,-;Out of memory: Killed process 4600 (ganesha.nfsd) total-vm:72kB, UID:0
`

t.test('processes of file servers that were killed for memory are found', async (t) => {
  t.match(oomKills(log, 38714.6), [
    { name: 'ganesha.nfsd', line: /^15 s ago: Out of memory/ },
    { name: 'smbd', line: /^100 s ago: Memory cgroup/ },
  ])
  t.strictSame(oomKills(log, 50_000), [], 'long ago')
  t.strictSame(oomKills('', 1), [])
  const root = t.testdir({ dev: { kmsg: log }, proc: { uptime: '38715.00 100.00\n' } })
  t.equal(kernelOomKills(root).length, 2)
  t.ok(Array.isArray(kernelOomKills('')), 'the log of this system does not hold us up')
})

t.test('what control groups have counted is found', async (t) => {
  const events = (count: number) => ({ 'memory.events': `low 0\noom 1\noom_kill ${count}\n` })
  const root = t.testdir({
    proc: {
      '100': { cgroup: '4:memory:/x\n0::/machine/file-server\n' },
      '101': { cgroup: '0::/\n' },
    },
    sys: {
      fs: {
        cgroup: {
          ...events(9),
          'system.slice': { 'nfs-ganesha.service': events(2), 'smbd.service': events(0) },
          machine: { 'file-server': events(1) },
        },
      },
    },
  })
  const processes = [
    processOf('smbd'),
    processOf('smbd', { pid: 101 }),
    processOf('smbd', { pid: 102 }),
  ]
  t.match(groupOomKills(root, processes), [
    { name: 'ganesha.nfsd', line: '/system.slice/nfs-ganesha.service/memory.events: oom_kill 2' },
    { name: 'smbd', line: '/machine/file-server/memory.events: oom_kill 1' },
  ])
  t.strictSame(groupOomKills(t.testdir({}), []), [])
})

t.test('grace is told by the server itself', async (t) => {
  const nfsd = [processOf('nfsd')]
  const kernel = (end: string) => t.testdir({ proc: { fs: { nfsd: { v4_end_grace: end } } } })
  t.match(gracePeriod(kernel('N\n'), nfsd), { program: 'nfsd' })
  t.equal(gracePeriod(kernel('Y\n'), nfsd), undefined)
  t.equal(gracePeriod(kernel('N\n'), [processOf('smbd')]), undefined)
})

const by = (pid: number) =>
  `22/11/2026 02:33:12 : epoch 6b025468 : host : nfs-ganesha-${pid}[main] nfs_start_grace :STATE :EVENT :`

for (const [what, text, isInGrace] of [
  ['in grace', `a\n${by(100)}NFS Server Now IN GRACE, duration 90\nb\n`, true],
  [
    'over',
    `${by(100)}NFS Server Now IN GRACE, duration 90\n${by(100)}NFS Server Now NOT IN GRACE\n`,
    false,
  ],
  ['never', 'x\n', false],
  ['of one that has gone', `${by(99)}NFS Server Now IN GRACE, duration 90\n`, false],
] as const) {
  t.test(`the log of Ganesha tells of grace: ${what}`, async (t) => {
    const log = join(t.testdir({ 'ganesha.log': text }), 'ganesha.log')
    const ganesha = [processOf('ganesha.nfsd')]
    const grace = gracePeriod('/no/such/root', ganesha, log)
    t.equal(gracePeriod('/no/such/root', [], log), undefined)
    t.equal(gracePeriod('/no/such/root', ganesha), undefined)
    t.equal(grace !== undefined, isInGrace)
  })
}
