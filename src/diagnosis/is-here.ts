import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>

/** Whether an address is one of this host's (of this network namespace's). */
export function isHere(address: string, interfaces: Interfaces = networkInterfaces()): boolean {
  if (
    address.startsWith('127.') ||
    address === '::1' ||
    address === '0.0.0.0' ||
    address === '::'
  ) {
    return true
  }
  return Object.values(interfaces).some((its) => its?.some((one) => one.address === address))
}
