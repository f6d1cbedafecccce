/** How `clplcnsc` ends when it does not do what it was asked for. */
export const refusalStatus = {
  notRegistered: 1,
  invalid: 2,
  inputEnded: 3,
  notRoot: 4,
  trouble: 5,
} as const

/** A refusal, already in words that its reader understands. */
export class LicenseRefusal extends Error {
  override readonly name = 'LicenseRefusal'
  readonly status: (typeof refusalStatus)[keyof typeof refusalStatus]

  constructor(kind: keyof typeof refusalStatus, text: string, cause?: unknown) {
    super(text, { cause })
    this.status = refusalStatus[kind]
  }
}
