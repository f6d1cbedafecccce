/** Why the store could not be changed. */
export type StoreErrorKind = 'directory' | 'unsafe' | 'locked' | 'write'

/** The store of licenses was not changed. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly kind: StoreErrorKind
  readonly path: string

  constructor(kind: StoreErrorKind, path: string, cause?: unknown) {
    super(`${path}: ${kind}`, { cause })
    this.kind = kind
    this.path = path
  }
}
