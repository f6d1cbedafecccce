/** What kept the RPC layer of the server from carrying a call out (RFC 5531 9): a closed list. */
export type RpcRefusal =
  | { kind: 'rpc-version-mismatch'; low: number; high: number }
  | { kind: 'auth-error'; why: number }
  | { kind: 'program-unavailable' }
  | { kind: 'version-mismatch'; low: number; high: number }
  | { kind: 'procedure-unavailable' }
  | { kind: 'garbage-arguments' }
  | { kind: 'system-error' }
  /** said by the portmapper: nobody serves this program here */
  | { kind: 'program-not-registered'; program: number; version: number }

/** A call that the server's RPC layer refused; its message is Sun RPC's text for that. */
export class RpcError extends Error {
  override readonly name = 'RpcError'
  readonly refusal: RpcRefusal

  constructor(refusal: RpcRefusal) {
    super(textOf(refusal))
    this.refusal = refusal
  }
}

const authWhy: ReadonlyMap<number, string> = new Map([
  [1, 'Invalid client credential'],
  [2, 'Server rejected credential'],
  [3, 'Invalid client verifier'],
  [4, 'Server rejected verifier'],
  [5, 'Client credential too weak'],
  [6, 'Invalid server verifier'],
  [7, 'Failed (unspecified error)'],
])

function textOf(refusal: RpcRefusal): string {
  switch (refusal.kind) {
    case 'rpc-version-mismatch':
      return `RPC: Incompatible versions of RPC; low version = ${refusal.low}, high version = ${refusal.high}`
    case 'auth-error':
      return `RPC: Authentication error; why = ${authWhy.get(refusal.why) ?? `(unknown authentication error - ${refusal.why})`}`
    case 'program-unavailable':
      return 'RPC: Program unavailable'
    case 'version-mismatch':
      return `RPC: Program/version mismatch; low version = ${refusal.low}, high version = ${refusal.high}`
    case 'procedure-unavailable':
      return 'RPC: Procedure unavailable'
    case 'garbage-arguments':
      return "RPC: Server can't decode arguments"
    case 'system-error':
      return 'RPC: Remote system error'
    case 'program-not-registered':
      return 'RPC: Program not registered.'
  }
}
