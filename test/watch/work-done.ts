import t from 'tap'
import { nfsWork, sambaWork, workBetween, type ProcFiles } from '../../src/watch/work-done.ts'

/** A /proc with these processes: name, start, bytes read and written. */
function proc(
  processes: Record<string, [comm: string, start: number, rchar: number, wchar: number]>,
  nfsd?: string,
): ProcFiles {
  return {
    list: async () => ['self', 'meminfo', ...Object.keys(processes)],
    read: async (path) => {
      if (path === '/proc/net/rpc/nfsd') return nfsd
      const [, pid = '', file = ''] = /^\/proc\/(\d+)\/(\w+)$/.exec(path) ?? []
      const found = processes[pid]
      if (found === undefined) return undefined
      const [comm, start, rchar, wchar] = found
      if (file === 'comm') return `${comm}\n`
      if (file === 'io') return `rchar: ${rchar}\nwchar: ${wchar}\nsyscr: 1\n`
      return `${pid} (a ) b) S ${'0 '.repeat(18)}${start} 0 0\n`
    },
  }
}

t.test('Samba is all that serve its clients, each by its process and start', async (t) => {
  const work = await sambaWork(
    proc({
      10: ['smbd', 100, 5, 6],
      11: ['smbd[10.0.0.1]', 200, 7, 8],
      12: ['smbd-notifyd', 300, 9, 9],
      13: ['smbdx', 300, 9, 9],
      14: ['bash', 300, 9, 9],
    }),
  )()
  t.strictSame(
    [...work],
    [
      ['10 100', 11],
      ['11 200', 15],
    ],
  )
})

t.test(
  "NFS is Ganesha's processes, and what the kernel's server has read and written",
  async (t) => {
    const nfsd = 'rc 0 5 6\nfh 0 0 0 0 0\nio 1000 234\nth 8 0\n'
    t.strictSame(
      [...(await nfsWork(proc({ 20: ['ganesha.nfsd', 1, 2, 3] }, nfsd))())],
      [
        ['20 1', 5],
        ['nfsd', 1234],
      ],
    )
    t.strictSame([...(await nfsWork(proc({}))())], [])
  },
)

t.test('a process that may not be looked at, or has just gone, is left out', async (t) => {
  const files = proc({ 10: ['smbd', 100, 5, 6] })
  const read = async (path: string) => (path.endsWith('/io') ? undefined : files.read(path))
  t.equal((await sambaWork({ ...files, read })()).size, 0)
})

t.test(
  'work is what was done by those who were there before, and never less than none',
  async (t) => {
    const before = new Map([
      ['10 100', 50],
      ['11 200', 70],
      ['12 300', 90],
    ])
    const after = new Map([
      ['10 100', 80],
      ['11 999', 1_000_000],
      ['12 300', 10],
      ['13 400', 1_000_000],
    ])
    t.equal(workBetween(before, after), 30)
    t.equal(workBetween(before, before), 0)
  },
)
