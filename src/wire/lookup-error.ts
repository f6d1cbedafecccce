/** A host name that could not be turned into an address. */
export class LookupError extends Error {
  override readonly name = 'LookupError'
  readonly code: string

  constructor(hostName: string, code: string, cause?: unknown) {
    super(`look-up of ${hostName}: ${code}`, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
