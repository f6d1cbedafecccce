import { ntStatusName } from './nt-status.ts'

/** The server answered, and its answer is no. */
export class StatusError extends Error {
  override readonly name = 'StatusError'
  readonly code = 'NT_STATUS'
  readonly status: number

  constructor(status: number, what: string) {
    super(`${what}: ${ntStatusName(status)}`)
    this.status = status
  }
}
