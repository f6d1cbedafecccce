import { LookupError } from '../wire/lookup-error.ts'
import { SocketError } from '../wire/socket-error.ts'
import type { Cause } from './probe.ts'

const lacking: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOBUFS',
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EPROTONOSUPPORT',
  // No network says these: our own rules, routes and limits do.
  'EPERM',
  'EINVAL',
  'EAGAIN',
])

/** The cause to name when an error is our own side's trouble, which says nothing about the server. */
export function ownTrouble(error: unknown): Cause | undefined {
  if (error instanceof LookupError) return { id: 42, text: 'getaddrinfo', nn: 0 }
  if (!(error instanceof SocketError)) return undefined
  if (error.operation === 'socket' || error.operation === 'bind' || lacking.has(error.code)) {
    return { id: 71, nn: error.errno }
  }
  return undefined
}
