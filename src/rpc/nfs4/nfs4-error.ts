/** The statuses that decide what a check does next. */
export const nfs4Status = {
  delay: 10_008,
  grace: 10_013,
  minorVersionMismatch: 10_021,
} as const

/** A status of NFS version 4 that is not NFS4_OK (RFC 8881 15.1); its message is the alert's text. */
export class Nfs4Error extends Error {
  override readonly name = 'Nfs4Error'
  readonly status: number
  readonly statusName: string
  /** the operation that did not go through, or COMPOUND where none was tried */
  readonly operation: string

  constructor(status: number, operation: string) {
    const statusName = names.get(status) ?? String(status)
    super(`nfs error(${statusName})`)
    this.status = status
    this.statusName = statusName
    this.operation = operation
  }
}

const lowNames: Readonly<Record<number, string>> = {
  1: 'PERM',
  2: 'NOENT',
  5: 'IO',
  6: 'NXIO',
  13: 'ACCESS',
  17: 'EXIST',
  18: 'XDEV',
  20: 'NOTDIR',
  21: 'ISDIR',
  22: 'INVAL',
  27: 'FBIG',
  28: 'NOSPC',
  30: 'ROFS',
  31: 'MLINK',
  63: 'NAMETOOLONG',
  66: 'NOTEMPTY',
  69: 'DQUOT',
  70: 'STALE',
}

/** From 10001 on, in order; a gap is empty. */
const highNames: readonly string[] = [
  'BADHANDLE',
  '',
  'BAD_COOKIE',
  'NOTSUPP',
  'TOOSMALL',
  'SERVERFAULT',
  'BADTYPE',
  'DELAY',
  'SAME',
  'DENIED',
  'EXPIRED',
  'LOCKED',
  'GRACE',
  'FHEXPIRED',
  'SHARE_DENIED',
  'WRONGSEC',
  'CLID_INUSE',
  'RESOURCE',
  'MOVED',
  'NOFILEHANDLE',
  'MINOR_VERS_MISMATCH',
  'STALE_CLIENTID',
  'STALE_STATEID',
  'OLD_STATEID',
  'BAD_STATEID',
  'BAD_SEQID',
  'NOT_SAME',
  'LOCK_RANGE',
  'SYMLINK',
  'RESTOREFH',
  'LEASE_MOVED',
  'ATTRNOTSUPP',
  'NO_GRACE',
  'RECLAIM_BAD',
  'RECLAIM_CONFLICT',
  'BADXDR',
  'LOCKS_HELD',
  'OPENMODE',
  'BADOWNER',
  'BADCHAR',
  'BADNAME',
  'BAD_RANGE',
  'LOCK_NOTSUPP',
  'OP_ILLEGAL',
  'DEADLOCK',
  'FILE_OPEN',
  'ADMIN_REVOKED',
  'CB_PATH_DOWN',
  'BADIOMODE',
  'BADLAYOUT',
  'BAD_SESSION_DIGEST',
  'BADSESSION',
  'BADSLOT',
  'COMPLETE_ALREADY',
  'CONN_NOT_BOUND_TO_SESSION',
  'DELEG_ALREADY_WANTED',
  'BACK_CHAN_BUSY',
  'LAYOUTTRYLATER',
  'LAYOUTUNAVAILABLE',
  'NOMATCHING_LAYOUT',
  'RECALLCONFLICT',
  'UNKNOWN_LAYOUTTYPE',
  'SEQ_MISORDERED',
  'SEQUENCE_POS',
  'REQ_TOO_BIG',
  'REP_TOO_BIG',
  'REP_TOO_BIG_TO_CACHE',
  'RETRY_UNCACHED_REP',
  'UNSAFE_COMPOUND',
  'TOO_MANY_OPS',
  'OP_NOT_IN_SESSION',
  'HASH_ALG_UNSUPP',
  '',
  'CLIENTID_BUSY',
  'PNFS_IO_HOLE',
  'SEQ_FALSE_RETRY',
  'BAD_HIGH_SLOT',
  'DEADSESSION',
  'ENCR_ALG_UNSUPP',
  'PNFS_NO_LAYOUT',
  'NOT_ONLY_OP',
  'WRONG_CRED',
  'WRONG_TYPE',
  'DIRDELEG_UNAVAIL',
  'REJECT_DELEG',
  'RETURNCONFLICT',
  'DELEG_REVOKED',
  'PARTNER_NOTSUPP',
  'PARTNER_NO_AUTH',
  'UNION_NOTSUPP',
  'OFFLOAD_DENIED',
  'WRONG_LFS',
  'BADLABEL',
  'OFFLOAD_NO_REQS',
]

const names: ReadonlyMap<number, string> = new Map([
  ...Object.entries(lowNames).map(([n, name]): [number, string] => [Number(n), `NFS4ERR_${name}`]),
  ...highNames.flatMap((name, index): [number, string][] =>
    name === '' ? [] : [[10_001 + index, `NFS4ERR_${name}`]],
  ),
])
