import { join } from 'node:path'
import t, { type Test } from 'tap'
import { diagnose, type Step } from '../../src/diagnosis/diagnose.ts'
import type { Target } from '../../src/diagnosis/facts.ts'
import { programDirectories } from '../../src/diagnosis/program-directories.ts'
import { nfs, samba } from '../helpers/diagnosis.ts'

async function steps(
  target: Target,
  root: string,
  programs: readonly string[] = programDirectories,
): Promise<Step[]> {
  const found: Step[] = []
  const signal = new AbortController().signal
  for await (const step of diagnose(target, signal, { root, programs })) found.push(step)
  return found
}

function keys(step: Step | undefined): string[] {
  return step?.causes.map(({ key }) => key) ?? []
}

const ours = 'net:[1]'
const stat = (pid: number, name: string, state: string) =>
  `${pid} (${name}) ${state} 1 1 1 0 -1 0 1 1 0 0 1 1 0 0 20 0 1 0 1 1 1 1\n`
const head = 'sl local_address\n'
const listening = (port: string, inode: number) =>
  `0: 00000000:${port} 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 ${inode} 1 0 100 0 0 10 0\n`

function process(t: Test, pid: number, name: string, state: string, inode: number) {
  return {
    stat: stat(pid, name, state),
    cmdline: `${name}\0`,
    ns: { net: t.fixture('symlink', ours) },
    fd: { '3': t.fixture('symlink', `socket:[${inode}]`) },
    task: {},
  }
}

t.test('step by step more is known, and what is well gives no cause', async (t) => {
  const root = t.testdir({
    proc: {
      self: { ns: { net: t.fixture('symlink', ours) } },
      net: { tcp: head + listening('01BD', 7) },
      '100': process(t, 100, 'smbd', 'S', 7),
    },
    etc: { samba: { 'smb.conf': '[pub]\npath = /export/pub\nread only = no\n' } },
    export: { pub: {} },
  })
  // testparm is the system's own and would look at the system's own places.
  const programs = [join(root, 'none')]
  const all = await steps({ ...samba, address: '127.0.0.1' }, root, programs)
  t.strictSame(
    all.map(({ step }) => step),
    ['processes', 'system', 'sockets', 'configuration', 'directories', 'threads'],
  )
  for (const step of all) t.strictSame(keys(step), [], step.step)
})

t.test('what stands still is known at the first step', async (t) => {
  const root = t.testdir({
    proc: {
      self: { ns: { net: t.fixture('symlink', ours) } },
      net: { tcp: head + listening('0801', 7) },
      '100': process(t, 100, 'ganesha.nfsd', 'T', 7),
    },
    etc: { ganesha: { 'ganesha.conf': 'EXPORT { Path = /other; Pseudo = /other; }' } },
  })
  const all = await steps({ ...nfs, address: '127.0.0.1', portmapper: 'needed' }, root)
  t.strictSame(keys(all[0]), ['process-stopped'])
  t.strictSame(keys(all.at(-1)), ['process-stopped', 'export-missing', 'rpcbind-missing'])
})

t.test('of a name that has no address, nothing else is asked', async (t) => {
  const root = t.testdir({ proc: { self: {} } })
  const signal = AbortSignal.abort()
  const found: Step[] = []
  const target = { ...samba, address: 'fs.invalid' }
  for await (const step of diagnose(target, signal, { root, programs: [] })) found.push(step)
  t.strictSame(found.map(keys), [['name-unresolved']])
})
