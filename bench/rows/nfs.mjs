import { join } from 'node:path'
import { Loop } from '../loop.mjs'
import { once } from '../once.mjs'
import { takeTurns } from '../rounds.mjs'

const versions = [
  { part: 'nfs3', version: '3', directory: '/srv/nfs/data' },
  { part: 'nfs4', version: '4', directory: '/data' },
]

/** The same directory, by version 3 and by version 4. */
export async function measureNfs({ run, plan, nfs, quick }) {
  for (const each of versions) await measureVersion(each, { run, plan, nfs, quick })
}

async function measureVersion({ part, version, directory }, { run, plan, nfs, quick }) {
  const { build, bin, node, flags, has } = plan
  const { address } = nfs
  const checks = quick ? 10 : 25
  const url = `nfs://${address}${directory}?version=${version}`
  const loops = {
    'ours, in process': [node, [...flags, join(build, 'probe-loop.mjs'), `${part} ${address}`]],
    ...(has['libnfs-loop'] && {
      // What lies mounted below the directory is nobody's question here.
      'libnfs, in a C program': [join(build, 'libnfs-loop'), [`${url}&auto-traverse-mounts=0`]],
    }),
  }
  const watch = ['--check', '-d', directory, '-a', address, '--nfs-version', version]
  const commands = {
    'ours, clp_nfsmon --check': [join(bin, 'clp_nfsmon'), ...watch],
    'rpcinfo -T tcp': ['rpcinfo', '-T', 'tcp', address, '100003', version],
    ...(version === '3' && { 'showmount -e': ['showmount', '-e', address] }),
    'nfs-ls': ['nfs-ls', url],
  }
  const opened = Object.entries(loops).map(([name, [command, argv]]) => {
    const loop = new Loop(command, argv)
    return { name, kind: 'loop', take: () => loop.run(checks), close: () => loop.close() }
  })
  const started = Object.entries(commands).map(([name, command]) => ({
    name,
    kind: 'process',
    take: () => once(build, command),
  }))
  await takeTurns(run, part, [...opened, ...started], quick ? 5 : 30)
  for (const { close } of opened) close()
}
