/** NFS3ERR_JUKEBOX: the server asks for patience. */
export const nfs3Jukebox = 10_008

/** NFS3ERR_NOTSUPP: the server does not know this procedure, or is told not to. */
export const nfs3NotSupported = 10_004

/** A status of NFS version 3 that is not NFS3_OK (RFC 1813 2.6); its message is the alert's text. */
export class Nfs3Error extends Error {
  override readonly name = 'Nfs3Error'
  readonly status: number
  readonly statusName: string

  constructor(status: number) {
    const statusName = names.get(status) ?? String(status)
    super(`nfs error(${statusName})`)
    this.status = status
    this.statusName = statusName
  }
}

const names: ReadonlyMap<number, string> = new Map([
  [1, 'NFS3ERR_PERM'],
  [2, 'NFS3ERR_NOENT'],
  [5, 'NFS3ERR_IO'],
  [6, 'NFS3ERR_NXIO'],
  [13, 'NFS3ERR_ACCES'],
  [17, 'NFS3ERR_EXIST'],
  [18, 'NFS3ERR_XDEV'],
  [19, 'NFS3ERR_NODEV'],
  [20, 'NFS3ERR_NOTDIR'],
  [21, 'NFS3ERR_ISDIR'],
  [22, 'NFS3ERR_INVAL'],
  [27, 'NFS3ERR_FBIG'],
  [28, 'NFS3ERR_NOSPC'],
  [30, 'NFS3ERR_ROFS'],
  [31, 'NFS3ERR_MLINK'],
  [63, 'NFS3ERR_NAMETOOLONG'],
  [66, 'NFS3ERR_NOTEMPTY'],
  [69, 'NFS3ERR_DQUOT'],
  [70, 'NFS3ERR_STALE'],
  [71, 'NFS3ERR_REMOTE'],
  [10_001, 'NFS3ERR_BADHANDLE'],
  [10_002, 'NFS3ERR_NOT_SYNC'],
  [10_003, 'NFS3ERR_BAD_COOKIE'],
  [nfs3NotSupported, 'NFS3ERR_NOTSUPP'],
  [10_005, 'NFS3ERR_TOOSMALL'],
  [10_006, 'NFS3ERR_SERVERFAULT'],
  [10_007, 'NFS3ERR_BADTYPE'],
  [nfs3Jukebox, 'NFS3ERR_JUKEBOX'],
])
