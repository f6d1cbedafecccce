/** What a server lays into the directory that servers share, to say that a serial is its own. */
export type Claim = { product: string; serial: string; machine: string; host: string }

/** The name of the empty file that is a claim; the host is there for people. */
export function claimName({ product, serial, machine, host }: Claim): string {
  const plainHost = host.replace(/[^A-Za-z0-9.-]/g, '_').slice(0, 64)
  return `${product}.${serial}.${machine}.${plainHost === '' ? 'unknown' : plainHost}`
}

/** Reads the name of a file; undefined when it is no claim. */
export function claimOf(name: string): Claim | undefined {
  const parts = /^([A-Z0-9]+)\.([A-Z]{2}\d{6})\.([0-9a-f]{32})\.([A-Za-z0-9._-]+)$/.exec(name)
  if (parts === null) return undefined
  const [, product = '', serial = '', machine = '', host = ''] = parts
  return { product, serial, machine, host }
}
