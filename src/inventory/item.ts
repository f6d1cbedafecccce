/** What a list was asked by: the shares of SMB, the exports of MOUNT, the file systems of NFS version 4. */
export type Protocol = 'smb' | 'nfs3' | 'nfs4'

/** One share or export, with what may change of it. */
export type Item = {
  name: string
  /** by their names: type and comment of a share, access of an export, why it is refused */
  properties: Readonly<Record<string, string>>
  /** what a server has by itself, and printers: not what people keep their files in */
  isSpecial?: true
}

/** What a server answered when it was asked for everything. */
export type Answer = {
  items: readonly Item[]
  /** false: there may be more than what was found */
  isComplete: boolean
  /** as whom it was asked; others may be shown other things */
  askedAs: string
}
