import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'

/**
 * The address to check when none is given: one of this server's own.
 *
 * The kernel lists an interface's first address first, so that a floating address that comes and goes
 * does not change the choice.
 */
export function ownAddress(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): string {
  const all = Object.values(interfaces).flatMap((addresses) => addresses ?? [])
  const outward = all.filter(({ internal, address }) => !internal && !isLinkLocal(address))
  const chosen = outward.find(({ family }) => family === 'IPv4') ?? outward[0]
  return chosen?.address ?? '127.0.0.1'
}

function isLinkLocal(address: string): boolean {
  return address.startsWith('169.254.') || /^fe[89ab]/i.test(address)
}
