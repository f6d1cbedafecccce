import t from 'tap'
import { serverOf } from '../../src/diagnosis/server-of.ts'
import { nfs, processOf, samba } from '../helpers/diagnosis.ts'

t.test('the server is what runs, else what is configured', async (t) => {
  t.equal(serverOf({ target: samba }), 'smbd')
  t.equal(serverOf({ target: samba, processes: [processOf('ksmbd')] }), undefined)
  t.equal(serverOf({ target: nfs, processes: [processOf('nfsd')] }), 'nfsd')
  t.equal(serverOf({ target: nfs, processes: [processOf('ganesha.nfsd')] }), 'ganesha.nfsd')
  t.equal(serverOf({ target: nfs }), undefined)
  const configuration = { file: '/etc/exports', program: 'nfsd' } as const
  t.equal(serverOf({ target: nfs, configuration }), 'nfsd')
})
