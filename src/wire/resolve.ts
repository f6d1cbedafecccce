import type { Resolver } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { LookupError } from './lookup-error.ts'

/** Where names are looked up; the defaults are the system's own files and servers. */
export type NameSources = {
  hostsFile?: string
  resolvConf?: string
  servers?: readonly string[]
}

const noSuchName: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA'])

/**
 * The addresses of a host, IPv4 first; a numeric address is its own answer and asks nobody.
 *
 * getaddrinfo() would block one of the four threads that file access shares, and cannot be called off.
 */
export async function resolveHost(
  host: string,
  signal: AbortSignal,
  sources: NameSources = {},
): Promise<[string, ...string[]]> {
  signal.throwIfAborted()
  if (isIP(host) !== 0) return [host]
  const [first, ...others] = hostsEntries(sources.hostsFile ?? '/etc/hosts', host)
  if (first !== undefined) return [first, ...others]
  return askServers(host, signal, sources)
}

async function askServers(
  host: string,
  signal: AbortSignal,
  sources: NameSources,
): Promise<[string, ...string[]]> {
  // Most are told an address, and start without it.
  const dns = await import('node:dns/promises')
  signal.throwIfAborted()
  const resolver = new dns.Resolver()
  if (sources.servers !== undefined) resolver.setServers(sources.servers)
  const onAbort = () => {
    resolver.cancel()
  }
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    for (const name of candidates(host, sources.resolvConf ?? '/etc/resolv.conf')) {
      const found = await askFor(resolver, name, host, signal)
      if (found !== undefined) return found
    }
    throw new LookupError(host, 'ENOTFOUND')
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

async function askFor(
  resolver: Resolver,
  name: string,
  host: string,
  signal: AbortSignal,
): Promise<[string, ...string[]] | undefined> {
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  signal.throwIfAborted()
  const [first, ...others] = answers.flatMap((a) => (a.status === 'fulfilled' ? a.value : []))
  // Many a name service fails for IPv6 and is well; where it fails for IPv4, the address may be missing
  // that the server is at.
  const indispensable = first === undefined ? answers : answers.slice(0, 1)
  for (const answer of indispensable) {
    const error: unknown = answer.status === 'rejected' ? answer.reason : undefined
    const code = errorCode(error)
    if (code === undefined || noSuchName.has(code)) continue
    throw new LookupError(host, code, error, first === undefined ? [] : [first, ...others])
  }
  return first === undefined ? undefined : [first, ...others]
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined
}

function hostsEntries(file: string, host: string): string[] {
  const wanted = host.toLowerCase()
  const found = lines(file).flatMap((words) => {
    const [address, ...names] = words
    const named = names.some((name) => name.toLowerCase() === wanted)
    return address !== undefined && named && isIP(address) !== 0 ? [address] : []
  })
  return found.toSorted((a, b) => isIP(a) - isIP(b))
}

/** The full names to try, as resolv.conf(5) orders them by `search` and `ndots`. */
function candidates(host: string, file: string): string[] {
  if (host.endsWith('.')) return [host.slice(0, -1)]
  let search: string[] = []
  let dotsNeeded = 1
  for (const [keyword, ...words] of lines(file)) {
    if (keyword === 'search' || keyword === 'domain') search = words
    if (keyword === 'options') {
      const ndots = words.find((word) => /^ndots:\d+$/.test(word))
      if (ndots !== undefined) dotsNeeded = Number(ndots.slice('ndots:'.length))
    }
  }
  const suffixed = search.map((suffix) => `${host}.${suffix.replace(/\.$/, '')}`)
  return host.split('.').length - 1 >= dotsNeeded ? [host, ...suffixed] : [...suffixed, host]
}

function lines(file: string): string[][] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return []
  }
  return text.split('\n').map((line) =>
    line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/),
  )
}
