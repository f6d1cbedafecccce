import { isIP } from 'node:net'

/** Where the server listens. */
export type ListenAddress = { host: string; port: number }

/** Reads `HOST:PORT`, `[IPV6]:PORT` or `HOST`; undefined where it is none of them. */
export function parseListenAddress(text: string, defaultPort: number): ListenAddress | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9A-Za-z.-]+))(?::(\d{1,5}))?$/.exec(text)
  const [, bracketed, plain, portText] = match ?? []
  const host = bracketed ?? plain
  if (host === undefined || (bracketed !== undefined && isIP(bracketed) !== 6)) return undefined
  const port = portText === undefined ? defaultPort : Number(portText)
  return port <= 65_535 ? { host: host.toLowerCase(), port } : undefined
}

/** Whether an address is one that only this host reaches. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true
  return isIP(host) === 4 && host.startsWith('127.')
}

/** An address as it is written in a URL. */
export function addressText({ host, port }: ListenAddress): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`
}
