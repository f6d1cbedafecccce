import { BlockList, isIP } from 'node:net'
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'

/** What an address is compared with; that of now, unless told. */
export type OwnPlaces = {
  /** the name of this host, where that counts as one of its addresses */
  hostName?: string
  interfaces?: NodeJS.Dict<NetworkInterfaceInfo[]>
}

/**
 * Whether an address is one of this host's (of this network namespace's) now, in whatever way it is
 * written. A name is that only where it is this host's own: nothing is looked up.
 */
export function isOwnAddress(
  address: string,
  { hostName, interfaces = networkInterfaces() }: OwnPlaces = {},
): boolean {
  if (address === 'localhost' || (hostName !== undefined && address === hostName)) return true
  const [bare = ''] = address.split('%')
  if (isIP(bare) === 0) return false
  const own = new BlockList()
  own.addSubnet('127.0.0.0', 8, 'ipv4')
  own.addAddress('::1', 'ipv6')
  // Whoever connects to these comes to this very host.
  own.addAddress('0.0.0.0', 'ipv4')
  own.addAddress('::', 'ipv6')
  for (const each of Object.values(interfaces).flatMap((all) => all ?? [])) {
    own.addAddress(each.address, familyOf(each.address))
  }
  return own.check(bare, familyOf(bare))
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
