import { networkInterfaces } from 'node:os'
import { isIP } from 'node:net'

/** Whether a server's address is one of this host now; a name is that only where it is this host's own. */
export function isHere(
  address: string,
  hostName: string,
  interfaces: typeof networkInterfaces = networkInterfaces,
): boolean {
  if (address === 'localhost' || address === hostName) return true
  const version = isIP(address)
  if (version === 0) return false
  if ((version === 4 && address.startsWith('127.')) || address === '::1') return true
  const [bare = ''] = address.split('%')
  return Object.values(interfaces()).some((all) => all?.some((one) => one.address === bare))
}
