import { isIPv6 } from 'node:net'

/** An address as interfaces and tables of the kernel's write it: an IPv6 one shortened, without its zone, one of IPv4 in it as such. */
export function plainAddress(address: string): string {
  const [bare = ''] = address.split('%')
  if (!isIPv6(bare)) return address
  const short = new URL(`http://[${bare}]/`).hostname.slice(1, -1)
  const [, high = '', low = ''] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(short) ?? []
  if (high === '') return short
  const words = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return words.flatMap((word) => [word >> 8, word & 255]).join('.')
}
