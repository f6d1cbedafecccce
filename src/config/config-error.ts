/** What can be wrong in a file of the configuration; the keys of its explanations. */
export type ConfigTrouble =
  | 'unreadable'
  | 'not-permitted'
  | 'syntax'
  | 'unknown-key'
  | 'belongs-under'
  | 'missing'
  | 'not-text'
  | 'empty'
  | 'too-long'
  | 'bad-form'
  | 'not-integer'
  | 'not-number'
  | 'out-of-range'
  | 'not-a-choice'
  | 'not-flag'
  | 'not-absolute'
  | 'not-url'
  | 'not-list'
  | 'list-length'
  | 'not-table'
  | 'not-tables'
  | 'doubled'
  | 'needs-with'
  | 'not-with'
  | 'not-roots-alone'
  /** a step of a repair that can never be tried as things are */
  | 'never-begins'
  | 'no-secret'
  | 'secret-unreadable'
  | 'secret-not-private'
  | 'secret-form'
  /** what the monitor's own parameters would be refused for */
  | 'parameter'

/** One thing that is wrong: where it stands, and what its explanation leaves open. */
export type ConfigProblem = {
  file: string
  /** counted from 1; 0 when it is the file as a whole */
  line: number
  /** dotted, as it would be written; empty when it is the file as a whole */
  key: string
  trouble: ConfigTrouble
  /** what there is that is written nearly like it */
  near?: string
  values: Readonly<Record<string, string>>
}

/** A file of the configuration that cannot be used, with everything that is wrong in it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[], cause?: unknown) {
    const [first] = problems
    super(`${first?.file}:${first?.line}: ${first?.key}: ${first?.trouble}`, { cause })
    this.problems = problems
  }
}
