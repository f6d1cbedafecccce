import { request } from 'node:http'
import type { Test } from 'tap'
import { Hub } from '../../../src/serve/hub.ts'
import type { Source } from '../../../src/serve/source.ts'
import { WebServer, type WebServerParts } from '../../../src/serve/web-server.ts'

/** An answer as it came over the wire. */
export type Answer = {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  json: () => unknown
}

/** A server over sources, as a test asks it. */
export type Served = {
  hub: Hub
  server: WebServer
  port: number
  said: string[]
  ask: (
    path: string,
    options?: { method?: string; headers?: Record<string, string>; body?: string },
  ) => Promise<Answer>
}

/** Starts a server on a free port of this host; it ends with the test. */
export async function served(
  t: Test,
  sources: readonly Source[],
  changes: Partial<WebServerParts> = {},
): Promise<Served> {
  const now = () => new Date('2026-01-01T00:02:00.000Z')
  const hub = new Hub(
    sources.map((source) => ({ source, watchesEveryMs: 20, alertsEveryMs: 20 })),
    now,
  )
  const said: string[] = []
  const own = sources[0]?.host ?? 'node1'
  const server = new WebServer({
    hub,
    own,
    version: '1.2.3',
    nodeVersion: 'v20.0.0',
    now,
    address: { host: '127.0.0.1', port: 0 },
    hosts: { names: new Set(['127.0.0.1']) },
    log: (text) => void said.push(text),
    ...changes,
  })
  const signal = AbortSignal.timeout(60_000)
  for (const { host } of sources) {
    await hub.lookAtWatches(host, signal)
    await hub.lookAtAlerts(host, signal)
  }
  const port = await server.listen()
  t.teardown(() => server.close())
  const ask: Served['ask'] = async (path, { method = 'GET', headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        { host: '127.0.0.1', port, path, method, headers, agent: false },
        (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (more: string) => (text += more))
          response.on('error', reject)
          response.on('end', () => {
            const status = response.statusCode ?? 0
            const json = (): unknown => JSON.parse(text)
            resolve({ status, headers: response.headers, text, json })
          })
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  return { hub, server, port, said, ask }
}
