/** What can be wrong with the configuration; the keys of its explanations. */
export type ConfigTrouble = 'unreadable' | 'syntax' | 'unknown-key' | 'not-absolute'

/** A configuration that cannot be used: where it is wrong, and what is allowed there. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly trouble: ConfigTrouble
  readonly file: string
  /** counted from 1; 0 when it is the file as a whole */
  readonly line: number
  readonly key: string
  readonly allowed: string

  constructor(
    trouble: ConfigTrouble,
    where: { file: string; line?: number; key?: string; allowed?: string },
    cause?: unknown,
  ) {
    super(`${where.file}: ${trouble} ${where.key ?? ''}`.trim(), { cause })
    this.trouble = trouble
    this.file = where.file
    this.line = where.line ?? 0
    this.key = where.key ?? ''
    this.allowed = where.allowed ?? ''
  }
}
