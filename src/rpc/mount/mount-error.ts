/** A refusal of MNT (RFC 1813 5.1.4); its message is the alert's text. */
export class MountError extends Error {
  override readonly name = 'MountError'
  readonly status: number

  constructor(status: number) {
    super(MountError.textOf(status) ?? `mount error(Unknown error ${status})`)
    this.status = status
  }

  /** The text for a status that has words; version 4 of NFS numbers the same reasons alike. */
  static textOf(status: number): string | undefined {
    const reason = words.get(status)
    return reason === undefined ? undefined : `mount error(${reason})`
  }
}

const words: ReadonlyMap<number, string> = new Map([
  [1, 'Operation not permitted'],
  [2, 'No such file or directory'],
  [5, 'Input/output error'],
  [13, 'Permission denied'],
  [20, 'Not a directory'],
  [22, 'Invalid argument'],
  [63, 'File name too long'],
  [10_004, 'Operation not supported'],
  [10_006, 'Server fault'],
])
