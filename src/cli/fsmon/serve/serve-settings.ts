import { nameInHost } from '../../../serve/host-header.ts'
import { parseListenAddress, type ListenAddress } from '../../../serve/listen-address.ts'
import { judgeListening } from '../../../serve/listen-policy.ts'
import type { Peer } from '../../../serve/peer-source.ts'
import { readFileFor, readPeerTokens, readTokenFile } from './secret-file.ts'
import { ServeError } from './serve-error.ts'

/** The options of `clp_fsmon serve` as they are written. */
export type ServeOptions = {
  listen: string
  peer?: string[]
  peerTokens?: string
  peerCa?: string
  tokenFile?: string
  tlsCert?: string
  tlsKey?: string
  insecureListen?: true
  allowControl?: true
  allowHost?: string[]
}

/** What the server is to do. */
export type ServeSettings = {
  address: ListenAddress
  /** the address is open to others, and that was said out loud */
  isOpen: boolean
  names: ReadonlySet<string>
  peers: Peer[]
  token: string | undefined
  tls: { cert: string; key: string } | undefined
  allowControl: boolean
}

/** The port that nothing else is known to have. */
export const defaultPort = 9747

/** Reads the options and the files that they name, for this host; throws a ServeError. */
export function serveSettings(options: ServeOptions, uid: number, own: string): ServeSettings {
  const { listen, tokenFile, tlsCert, tlsKey } = options
  const address = parseListenAddress(listen, defaultPort)
  if (address === undefined) throw new ServeError('refused.address', { value: listen })
  if ((tlsCert === undefined) !== (tlsKey === undefined)) throw new ServeError('refused.pair')
  const allowControl = options.allowControl === true
  const verdict = judgeListening({
    host: address.host,
    hasTls: tlsCert !== undefined,
    hasToken: tokenFile !== undefined,
    insecure: options.insecureListen === true,
    allowControl,
  })
  if (verdict === 'refuse-control') throw new ServeError('refused.control')
  if (verdict === 'refuse-open') throw new ServeError('refused.open', { address: listen })
  return {
    address,
    isOpen: verdict === 'warn-open',
    names: new Set([address.host, ...(options.allowHost ?? []).map(nameOf)]),
    peers: peersOf(options, uid, own),
    token: tokenFile === undefined ? undefined : readTokenFile(tokenFile, uid),
    tls:
      tlsCert === undefined || tlsKey === undefined
        ? undefined
        : {
            cert: readFileFor(tlsCert, uid, { isSecret: false }),
            key: readFileFor(tlsKey, uid, { isSecret: true }),
          },
    allowControl,
  }
}

function nameOf(value: string): string {
  const name = nameInHost(value)
  if (name === undefined || name !== value.toLowerCase().replace(/^\[|\]$/g, '')) {
    throw new ServeError('refused.host', { value })
  }
  return name
}

function peersOf(
  { peer = [], peerTokens, peerCa }: ServeOptions,
  uid: number,
  own: string,
): Peer[] {
  const urls = new Map<string, URL>()
  for (const value of peer) {
    const url = URL.canParse(value) ? new URL(value) : undefined
    const isPlain = url?.username === '' && url.password === '' && url.search === ''
    if (url === undefined || !isPlain || !/^https?:$/.test(url.protocol)) {
      throw new ServeError('refused.peer', { value: value.replace(/\/\/.*@/, '//…@') })
    }
    // By another scheme it is the same host still.
    const isThere = Array.from(urls.values(), (each) => placeOf(each)).includes(placeOf(url))
    if (isThere) throw new ServeError('refused.twice', { value })
    urls.set(url.href, url)
  }
  const tokens =
    peerTokens === undefined
      ? new Map<string, string>()
      : readPeerTokens(peerTokens, uid, new Set(urls.keys()))
  const ca = peerCa === undefined ? undefined : readFileFor(peerCa, uid, { isSecret: false })
  return Array.from(urls, ([href, url]) => {
    // What goes by our own name would take our own place.
    const host = placeOf(url) === own ? `${url.protocol}//${placeOf(url)}` : placeOf(url)
    return { host, url, token: tokens.get(href), ca }
  })
}

/** How a peer is called: several may be behind one name, each at a path of its own. */
function placeOf({ host, pathname }: URL): string {
  return `${host}${pathname.replace(/\/+$/, '')}`
}
