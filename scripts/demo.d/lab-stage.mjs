import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** A standing lab: a real smbd, a real rpcbind and Ganesha, and a host on which the monitors run. */
export function openStage(root) {
  const name = `demo${process.pid}`
  const lab = (verb, ...words) =>
    execFileSync(join(root, 'scripts/lab'), [verb, '--lab', name, ...words], { encoding: 'utf8' })
  let open = true
  const close = () => {
    if (open) spawnSync(join(root, 'scripts/lab'), ['down', '--lab', name])
    open = false
  }
  let description
  try {
    description = lab('up').trim().replaceAll('\n', '\n  ')
  } catch (error) {
    close()
    throw error
  }
  return {
    description,
    samba: ['-s', 'guest', '-a', 'samba'],
    nfs: ['-d', '/srv/nfs/data', '-a', 'nfs'],
    env: process.env,
    commandLine: (command, argv) => [
      join(root, 'scripts/lab'),
      'exec',
      '--lab',
      name,
      'client',
      process.execPath,
      join(root, 'bin', command),
      ...argv,
    ],
    freezeSamba: () => lab('freeze', 'samba', 'samba'),
    close,
  }
}
