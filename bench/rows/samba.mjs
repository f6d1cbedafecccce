import { join } from 'node:path'
import { Loop } from '../loop.mjs'
import { once } from '../once.mjs'
import { takeTurns } from '../rounds.mjs'

const login = { CLP_FSMON_PASSWORD: 'Lab-Pass1' }

/** The same share, by the same user's login, as everybody does it. */
export async function measureSamba({ run, plan, samba, quick }) {
  const { build, bin, node, flags, has, peers } = plan
  const { address } = samba
  const checks = quick ? 10 : 25
  const loops = {
    'ours, in process': [node, [...flags, join(build, 'probe-loop.mjs'), `samba ${address}`]],
    ...(has['smbclient-loop'] && {
      'libsmbclient, in a C program': [
        join(build, 'smbclient-loop'),
        [`smb://${address}/user`, 'labuser', 'Lab-Pass1'],
      ],
    }),
  }
  for (const [name, folder] of Object.entries(peers)) {
    loops[name] = [node, [join(build, 'npm-smb2.mjs'), folder, address]]
  }
  const share = ['-s', 'user', '-u', 'labuser']
  const commands = {
    'ours, clp_sambamon --check': [join(bin, 'clp_sambamon'), '--check', ...share, '-a', address],
    'smbclient -c exit': [
      'smbclient',
      `//${address}/user`,
      '-U',
      'labuser%Lab-Pass1',
      '-c',
      'exit',
    ],
    ...(has.check_disk_smb && {
      check_disk_smb: [has.check_disk_smb, '-H', address, ...share, '-p', 'Lab-Pass1'],
    }),
  }
  const opened = Object.entries(loops).map(([name, [command, argv]]) => {
    const loop = new Loop(command, argv)
    return { name, kind: 'loop', take: () => loop.run(checks), close: () => loop.close() }
  })
  const started = Object.entries(commands).map(([name, command]) => ({
    name,
    kind: 'process',
    take: () => once(build, command, { env: login }),
  }))
  await takeTurns(run, 'samba', [...opened, ...started], quick ? 5 : 30)
  for (const { close } of opened) close()
}
