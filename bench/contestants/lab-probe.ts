import { hostname } from 'node:os'
import type { Probe } from '../../src/probe/probe.ts'
import { nfsProbe } from '../../src/probe/nfs.ts'
import { sambaProbe } from '../../src/probe/samba.ts'
import { Credentials } from '../../src/smb/auth/credentials.ts'

/** A probe of the lab, of what `PROTOCOL ADDRESS` names: `samba`, `nfs3` or `nfs4`. */
export function labProbe(target: string): Probe {
  const [protocol, host = ''] = target.split(' ')
  if (protocol === 'samba') {
    const credentials = Credentials.user('labuser', 'Lab-Pass1')
    const share = { port: 445, share: 'user', depth: 'share', encrypt: false } as const
    return sambaProbe({ host, credentials, ...share })
  }
  const version = protocol === 'nfs3' ? '3' : '4'
  return nfsProbe({
    host,
    version,
    directory: version === '3' ? '/srv/nfs/data' : '/data',
    depth: 'share',
    transport: 'tcp',
    machineName: hostname(),
    privileged: true,
  })
}
