/** Why the registry will not do something, besides what the file system itself refuses. */
export type RegistryErrorCode = 'unsafe-directory' | 'locked' | 'usurped' | 'no-identity'

/** The registry's own refusals. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError'
  readonly code: RegistryErrorCode

  constructor(code: RegistryErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
