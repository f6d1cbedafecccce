import t from 'tap'
import { Nfs3Error, nfs3Jukebox } from '../../../src/rpc/nfs3/nfs3-error.ts'

t.test('a status is told by its name', async (t) => {
  t.match(new Nfs3Error(70), {
    status: 70,
    statusName: 'NFS3ERR_STALE',
    message: 'nfs error(NFS3ERR_STALE)',
  })
  t.equal(new Nfs3Error(nfs3Jukebox).message, 'nfs error(NFS3ERR_JUKEBOX)')
  t.equal(new Nfs3Error(10_001).message, 'nfs error(NFS3ERR_BADHANDLE)')
  t.equal(new Nfs3Error(12_345).message, 'nfs error(12345)')
})
