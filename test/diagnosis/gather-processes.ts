import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  decodeStat,
  fileTable,
  openFiles,
  serverProcesses,
  stillBlocked,
  threadsInD,
  type ThreadLook,
} from '../../src/diagnosis/gather-processes.ts'

/** As Linux 6.18 writes it. */
function stat(pid: number, name: string, state: string, parent: number, ticks = '0 0'): string {
  return `${pid} (${name}) ${state} ${parent} ${pid} ${pid} 0 -1 4194560 160 58 0 0 ${ticks} 9 19 20 0 1 0 4113289 5611520 1125 18446744073709551615 0 0\n`
}

const ours = 'net:[4026531840]'

function systemOf(t: Test) {
  const net = (to: string) => ({ net: t.fixture('symlink', to) })
  const limits = 'Limit  Soft Limit  Hard Limit  Units\nMax open files  4  65536  files\n'
  const fds = Object.fromEntries(['0', '1', '2', '3', '9'].map((fd) => [fd, '']))
  return t.testdir({
    proc: {
      self: { ns: net(ours) },
      sys: { fs: { 'file-nr': '2271\t0\t9223372036854775807\n' } },
      fs: { nfsd: { threads: '8\n' } },
      '100': {
        stat: stat(100, 'smbd', 'S', 1),
        ns: net(ours),
        limits,
        fd: fds,
        task: {
          '100': { stat: stat(100, 'smbd', 'S', 1) },
          '105': {
            stat: stat(105, 'smbd', 'D', 1, '7 8'),
            status: 'State:\tD (disk sleep)\nvoluntary_ctxt_switches:\t31\n',
            wchan: 'request_wait_answer',
          },
          '106': {},
        },
      },
      '101': { stat: stat(101, 'smbd-notifyd', 'Z', 100), ns: {} },
      '102': { stat: stat(102, 'odd) (name', 'S', 1), ns: net(ours) },
      '103': { stat: stat(103, 'smbd', 'S', 1), ns: net('net:[4026532000]') },
      '104': { stat: stat(104, 'nfsd', 'S', 2), ns: net('net:[1]') },
      '107': { stat: stat(107, 'smbd', 'Z', 103), ns: {} },
      '108': { stat: 'nonsense' },
      '109': { stat: stat(109, 'rpcbind', 'S', 1), ns: {} },
    },
  })
}

t.test('a line of stat is read, whatever the name holds', async (t) => {
  t.strictSame(decodeStat(stat(7, 'odd) (name', 'T', 3, '5 6')), {
    name: 'odd) (name',
    state: 'T',
    parent: 3,
    cpuTicks: '5+6',
  })
  for (const text of ['', 'nonsense', '7 (x', '7 (x)', '7 (x) S', '7 (x) S y 1']) {
    t.equal(decodeStat(text), undefined, text)
  }
})

t.test('the processes of file servers of this network namespace are found', async (t) => {
  const found = serverProcesses(systemOf(t))
  t.strictSame(
    found.map(({ pid, name, program, state, parent }) => [pid, name, program, state, parent]),
    [
      [100, 'smbd', 'smbd', 'S', 1],
      [101, 'smbd-notifyd', 'smbd', 'Z', 100],
      [104, 'nfsd', 'nfsd', 'S', 2],
      [109, 'rpcbind', 'rpcbind', 'S', 1],
    ],
  )
  t.strictSame(serverProcesses(t.testdir({})), [])
})

t.test('threads of the kernel’s server count only where it serves', async (t) => {
  const root = t.testdir({ proc: { '104': { stat: stat(104, 'nfsd', 'S', 2) } } })
  t.strictSame(serverProcesses(root), [])
})

t.test('threads that wait where no signal reaches them are seen', async (t) => {
  const root = systemOf(t)
  const looks = threadsInD(root, serverProcesses(root))
  t.strictSame(looks, [
    {
      pid: 100,
      tid: 105,
      name: 'smbd',
      program: 'smbd',
      state: 'D',
      wchan: 'request_wait_answer',
      moved: '7+8/31',
    },
  ])
})

t.test('only one that has not moved between any two looks is blocked', async (t) => {
  const look = (more: Partial<ThreadLook>): ThreadLook => ({
    pid: 1,
    tid: 2,
    name: 'smbd',
    program: 'smbd',
    state: 'D',
    wchan: '0',
    moved: '1',
    ...more,
  })
  t.match(stillBlocked([[look({})], [look({})], [look({})]], 3000.4), [
    { tid: 2, wchan: '', forMs: 3000 },
  ])
  t.match(stillBlocked([[look({ wchan: 'x' })], [look({ wchan: 'x' })]], 1), [{ wchan: 'x' }])
  t.strictSame(stillBlocked([[look({})], [look({ moved: '2' })]], 1), [])
  t.strictSame(stillBlocked([[look({})], [look({ wchan: 'y' })]], 1), [])
  t.strictSame(stillBlocked([[look({})], [], [look({})]], 1), [])
  t.strictSame(stillBlocked([[look({})]], 1), [], 'one look tells nothing')
  t.strictSame(stillBlocked([], 1), [])
})

t.test('open files are counted, and what is free below the limit', async (t) => {
  const root = systemOf(t)
  t.strictSame(openFiles(root, serverProcesses(root)), [
    { pid: 100, name: 'smbd', program: 'smbd', open: 5, limit: 4, free: 0 },
  ])
  t.match(fileTable(root), { open: 2271 })
  t.equal(fileTable(t.testdir({})), undefined)
})

t.test('this very system is looked at without harm', async (t) => {
  t.ok(Array.isArray(serverProcesses('')))
  t.match(fileTable(''), { open: Number, most: Number })
  const own = [{ pid: process.pid, parent: 1, name: 'x', program: 'smbd', state: 'S' }] as const
  t.match(openFiles('', own), [{ pid: process.pid, open: Number, limit: Number }])
  t.ok(Array.isArray(threadsInD(join('/'), own)))
})
