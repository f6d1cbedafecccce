/** The keys under which `messages/cli.*.json` explains what is wrong with the parameters. */
export type ParameterProblem =
  | 'missing-id'
  | 'id-not-first'
  | 'bad-id'
  | 'missing-target'
  | 'missing-value'
  | 'empty-value'
  | 'too-long'
  | 'not-a-number'
  | 'not-a-decimal'
  | 'out-of-range'
  | 'above-other'
  | 'not-a-choice'
  | 'not-an-amount'
  | 'not-absolute'
  | 'doubled'
  | 'unknown-option'
  | 'unexpected-word'
  | 'not-together'
  | 'needs-with'
  | 'bad-file'

/** A parameter that cannot be used: which alert says so, and the words to explain it with. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError'
  readonly alertId: 11 | 12 | 13
  readonly problem: ParameterProblem
  readonly values: Readonly<Record<string, string>>

  constructor(
    alertId: 11 | 12 | 13,
    problem: ParameterProblem,
    values: Readonly<Record<string, string>> = {},
  ) {
    super(`${problem} ${JSON.stringify(values)}`)
    this.alertId = alertId
    this.problem = problem
    this.values = values
  }
}
