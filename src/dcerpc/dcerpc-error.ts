/** What did not go through: the bind, the call as such, or what the call asks for. */
export type DcerpcStep = 'bind' | 'call' | 'status'

/** A service behind a pipe answered, and its answer is no. */
export class DcerpcError extends Error {
  override readonly name = 'DcerpcError'
  readonly step: DcerpcStep
  /** the reason of a bind, the status of a fault, or a Win32 code */
  readonly number: number

  constructor(step: DcerpcStep, number: number) {
    super(`${words[step]} (${step === 'call' ? `0x${number.toString(16)}` : number})`)
    this.step = step
    this.number = number
  }
}

const words: Readonly<Record<DcerpcStep, string>> = {
  bind: 'the service refuses the interface',
  call: 'the service broke the call off',
  status: 'the service answers with an error',
}
