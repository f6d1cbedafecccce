import { X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { layoutUnder } from '../../../registry/layout.ts'
import { Registry } from '../../../registry/registry.ts'
import { Hub, type HubSource } from '../../../serve/hub.ts'
import { addressText } from '../../../serve/listen-address.ts'
import { ownSource } from '../../../serve/own-source.ts'
import { peerSource } from '../../../serve/peer-source.ts'
import { WebServer } from '../../../serve/web-server.ts'
import type { Io } from '../../io.ts'
import { ignoreSignals } from '../../monitor/ignore-signals.ts'
import { keepOutOfDumps } from '../../monitor/keep-out-of-dumps.ts'
import { fill } from '../../texts.ts'
import { version } from '../../version.ts'
import { ServeError } from './serve-error.ts'
import { serveSettings, type ServeOptions, type ServeSettings } from './serve-settings.ts'
import type { ServeTexts } from './serve-texts.ts'

/** What `clp_fsmon serve` is started with. */
export type ServeJob = {
  options: ServeOptions
  words: ServeTexts
  io: Io
  /** resolves when the server is to end */
  untilEnd?: () => Promise<unknown>
}

/** How often this host, and another one, is looked at. */
const paces = {
  own: { watchesEveryMs: 500, alertsEveryMs: 200 },
  peer: { watchesEveryMs: 2000, alertsEveryMs: 1000 },
} as const

/** Serves until it is told to end; resolves with the exit status. */
export async function serve({
  options,
  words,
  io,
  untilEnd = untilSignal,
}: ServeJob): Promise<number> {
  const say = (text: string): void => {
    io.err(`clp_fsmon: ${text}\n`)
  }
  if (io.uid !== 0 && io.env.CLP_FSMON_ROOT === undefined) {
    say(words.notRoot)
    return 4
  }
  const own = io.hostName()
  let settings: ServeSettings
  try {
    settings = serveSettings(options, io.uid, own)
    checkCertificate(settings.tls)
  } catch (error) {
    if (!(error instanceof ServeError)) throw error
    say(error.explain(words))
    return 2
  }
  keepOutOfDumps()
  ignoreSignals()
  const { address, peers, token, tls, allowControl, names } = settings
  if (settings.isOpen) say(fill(words.open, { address: addressText(address) }))
  for (const { url, token: secret } of peers) {
    if (secret !== undefined && url.protocol === 'http:') {
      say(fill(words.openPeer, { url: url.href }))
    }
  }
  const layout = layoutUnder(io.env.CLP_FSMON_ROOT ?? '/')
  const registry = new Registry(layout.run)
  const sources: HubSource[] = [
    { source: ownSource(own, layout), ...paces.own },
    ...Array.from(peers, (peer) => ({ source: peerSource(peer), ...paces.peer })),
  ]
  const hub = new Hub(sources, () => new Date())
  const server = new WebServer({
    hub,
    own,
    version,
    nodeVersion: process.version,
    now: () => new Date(),
    address,
    hosts: { names },
    token,
    tls,
    log: say,
    ...(allowControl && {
      control: async ({ id, ...request }, signal) => registry.ask(id, request, signal),
    }),
  })
  const ending = new AbortController()
  await hub.lookAtWatches(own, ending.signal)
  await hub.lookAtAlerts(own, ending.signal)
  let port
  try {
    port = await server.listen()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    say(fill(words.notListening, { address: addressText(address), code }))
    await server.close()
    return 5
  }
  const end = untilEnd()
  const running = hub.run(ending.signal)
  const scheme = tls === undefined ? 'http' : 'https'
  const url = `${scheme}://${addressText({ ...address, port })}/`
  io.out(`${fill(words.listening, { url })}\n`)
  await end
  await server.close()
  ending.abort()
  await running
  return 0
}

/** A certificate that does not go with its key shows before anybody connects. */
function checkCertificate(tls: ServeSettings['tls']): void {
  if (tls === undefined) return
  try {
    createSecureContext(tls)
    // A context takes one that has ended, too; but then it can at least be read.
    void new X509Certificate(tls.cert)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new ServeError('file.tls', { code })
  }
}

async function untilSignal(): Promise<unknown> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, resolve)
  })
}
