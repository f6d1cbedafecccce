import { isIP } from 'node:net'
import { isLoopback } from './listen-address.ts'

/** What decides whether a request means this server. */
export type KnownHosts = {
  /** the address listened on and the names that were allowed, in lower case */
  names: ReadonlySet<string>
}

/** The name in a Host header, without its port and brackets, in lower case; undefined where it is none. */
export function nameInHost(header: string): string | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9A-Za-z._-]+))(?::\d{1,5})?$/.exec(header)
  return (match?.[1] ?? match?.[2])?.toLowerCase()
}

/**
 * Whether the Host header names this server. A page that was loaded from elsewhere, under a name that
 * now leads here, is told by it. `localAddress` is where the connection really arrived.
 */
export function isKnownHost(
  header: string | undefined,
  { names }: KnownHosts,
  localAddress: string | undefined,
): boolean {
  const name = header === undefined ? undefined : nameInHost(header)
  if (name === undefined) return false
  if (isLoopback(name) || names.has(name)) return true
  const arrivedAt = localAddress?.replace(/^::ffff:/, '').toLowerCase()
  return isIP(name) !== 0 && name === arrivedAt
}

/** Whether a request that changes something comes from our own page, or from no page at all. */
export function isOwnOrigin(
  origin: string | undefined,
  hostHeader: string | undefined,
  isTls: boolean,
): boolean {
  if (origin === undefined) return true
  return origin.toLowerCase() === `${isTls ? 'https' : 'http'}://${hostHeader?.toLowerCase()}`
}
