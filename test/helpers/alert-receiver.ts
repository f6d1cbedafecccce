import { execFileSync } from 'node:child_process'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Test } from 'tap'
import { eventually } from './eventually.ts'

/** What a receiver was sent. */
export type ReceivedAlert = {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

/** How a receiver answers. */
export type ReceiverMood =
  { answer: number; headers?: Record<string, string> } | 'hang' | 'reset' | 'slow'

/** A receiver of alerts that does as it is told. */
export type AlertReceiver = {
  url: string
  port: number
  received: ReceivedAlert[]
  /** the IDs of what was taken, in order */
  ids: () => unknown[]
  mood: ReceiverMood
  got: (count: number) => Promise<void>
  close: () => Promise<void>
}

/** A key and a certificate for a name, made here and signed by themselves. */
export function selfSigned(t: Test, name: string): { key: string; cert: string; file: string } {
  const directory = t.testdir()
  const [key, file] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  const argv = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
  ]
  argv.push('-keyout', key, '-out', file, '-days', '2', '-subj', `/CN=${name}`)
  const kind = /^[\d.]+$/.test(name) ? 'IP' : 'DNS'
  argv.push('-addext', `subjectAltName=${kind}:${name}`)
  execFileSync('openssl', argv, { stdio: 'pipe' })
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(file, 'utf8'), file }
}

/** Starts a receiver on this host, with https where it gets a certificate. */
export async function alertReceiver(
  t: Test,
  { tls, port = 0 }: { tls?: { key: string; cert: string }; port?: number } = {},
): Promise<AlertReceiver> {
  const received: ReceivedAlert[] = []
  const listener: RequestListener = (request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.on('error', () => undefined)
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      received.push({ method, path: url, headers, body })
      const { mood } = receiver
      if (mood === 'hang') return
      if (mood === 'reset') request.socket.resetAndDestroy()
      else if (mood === 'slow') {
        response.write('x')
        const timer = setInterval(() => response.write('x'), 50)
        response.on('close', () => {
          clearInterval(timer)
        })
      } else response.writeHead(mood.answer, mood.headers).end('{"thanks":true}')
    })
  }
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const close = async () =>
    new Promise<void>((resolve) => {
      server.close(() => {
        resolve()
      })
      server.closeAllConnections()
    })
  t.teardown(close)
  const address = server.address() as AddressInfo
  const receiver: AlertReceiver = {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}/hook/s3cret-path`,
    port: address.port,
    received,
    ids: () => received.map(({ body }) => (JSON.parse(body) as { id: number }).id),
    mood: { answer: 204 },
    got: async (count) => eventually(`${count} alerts`, () => received.length >= count),
    close,
  }
  return receiver
}
