import t from 'tap'
import { Nfs4Error, nfs4Status } from '../../../src/rpc/nfs4/nfs4-error.ts'

t.test('a status is told by its name', async (t) => {
  // Numbers and names from RFC 7530 13.1, RFC 8881 15.1 and RFC 7862 11.1.
  const cases: [number, string][] = [
    [1, 'NFS4ERR_PERM'],
    [2, 'NFS4ERR_NOENT'],
    [13, 'NFS4ERR_ACCESS'],
    [70, 'NFS4ERR_STALE'],
    [10_001, 'NFS4ERR_BADHANDLE'],
    [10_003, 'NFS4ERR_BAD_COOKIE'],
    [10_008, 'NFS4ERR_DELAY'],
    [10_013, 'NFS4ERR_GRACE'],
    [10_016, 'NFS4ERR_WRONGSEC'],
    [10_017, 'NFS4ERR_CLID_INUSE'],
    [10_021, 'NFS4ERR_MINOR_VERS_MISMATCH'],
    [10_036, 'NFS4ERR_BADXDR'],
    [10_044, 'NFS4ERR_OP_ILLEGAL'],
    [10_052, 'NFS4ERR_BADSESSION'],
    [10_054, 'NFS4ERR_COMPLETE_ALREADY'],
    [10_063, 'NFS4ERR_SEQ_MISORDERED'],
    [10_072, 'NFS4ERR_HASH_ALG_UNSUPP'],
    [10_074, 'NFS4ERR_CLIENTID_BUSY'],
    [10_081, 'NFS4ERR_NOT_ONLY_OP'],
    [10_087, 'NFS4ERR_DELEG_REVOKED'],
    [10_094, 'NFS4ERR_OFFLOAD_NO_REQS'],
  ]
  for (const [status, name] of cases) {
    const error = new Nfs4Error(status, 'LOOKUP')
    t.equal(error.statusName, name)
    t.equal(error.message, `nfs error(${name})`)
  }
  t.match(new Nfs4Error(10_002, 'LOOKUP'), { message: 'nfs error(10002)', operation: 'LOOKUP' })
  t.equal(new Nfs4Error(10_073, 'LOOKUP').message, 'nfs error(10073)')
})

t.test('the statuses that steer a check have the right numbers', async (t) => {
  t.equal(new Nfs4Error(nfs4Status.delay, '').statusName, 'NFS4ERR_DELAY')
  t.equal(new Nfs4Error(nfs4Status.grace, '').statusName, 'NFS4ERR_GRACE')
  const { minorVersionMismatch } = nfs4Status
  t.equal(new Nfs4Error(minorVersionMismatch, '').statusName, 'NFS4ERR_MINOR_VERS_MISMATCH')
})
