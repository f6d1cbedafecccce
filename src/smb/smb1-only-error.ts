/** The server speaks SMB 1 and nothing newer. */
export class Smb1OnlyError extends Error {
  override readonly name = 'Smb1OnlyError'
  readonly code = 'SMB1_ONLY'

  constructor() {
    super('the server speaks only SMB 1, which this client does not')
  }
}
