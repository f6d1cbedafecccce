import type { ParameterError } from '../parameter-error.ts'
import { fill, type Texts } from '../texts.ts'
import { CredentialsError } from './credentials-file.ts'

/** Says in words what is wrong with the parameters, what is allowed and what to do. */
export function explainProblem(error: ParameterError, texts: Texts): string {
  const { problem, values } = error
  const reason =
    error instanceof CredentialsError ? fill(texts.credentials[error.trouble], values) : ''
  return fill(texts.problem[problem], { ...values, reason })
}
