/** Why a request is refused, as the body of the answer names it. */
export type RefusalCode =
  | 'bad-request'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'too-large'
  | 'wrong-host'
  | 'too-many-requests'
  | 'too-many-clients'
  | 'unavailable'
  | 'internal'

/** A request that is not served; its text never repeats what was asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: RefusalCode
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: RefusalCode,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}
