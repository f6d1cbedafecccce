/** A host name that could not be turned into an address. */
export class LookupError extends Error {
  override readonly name = 'LookupError'
  readonly code: string
  /** addresses that were found all the same; there may be others that matter more */
  readonly partial: readonly string[]

  constructor(hostName: string, code: string, cause?: unknown, partial: readonly string[] = []) {
    super(`look-up of ${hostName}: ${code}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.partial = partial
  }
}
