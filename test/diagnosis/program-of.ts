import t from 'tap'
import { programOf } from '../../src/diagnosis/program-of.ts'

const names: [name: string, program: string | undefined][] = [
  ['smbd', 'smbd'],
  ['smbd-notifyd', 'smbd'],
  ['smbd[10.0.0.7]', 'smbd'],
  ['cleanupd', 'smbd'],
  ['winbindd', 'winbindd'],
  ['wb[LAB]', 'winbindd'],
  ['ganesha.nfsd', 'ganesha.nfsd'],
  ['nfsd', 'nfsd'],
  ['rpcbind', 'rpcbind'],
  ['rpc.mountd', 'rpc.mountd'],
  ['ksmbd-445', 'ksmbd'],
  ['sambawatch', undefined],
  ['smb', undefined],
  ['nfsdcld', undefined],
  ['bash', undefined],
]
for (const [name, program] of names) {
  t.test(`${name} is ${program ?? 'nothing of ours'}`, async (t) => {
    t.equal(programOf(name), program)
  })
}
