/** The share is neither a disk nor a printer. */
export class ShareTypeError extends Error {
  override readonly name = 'ShareTypeError'
  readonly code = 'SHARE_TYPE'
  readonly shareType: number

  constructor(shareType: number) {
    super(`share of type ${shareType}, neither disk nor printer`)
    this.shareType = shareType
  }
}
