import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { Api, type ApiParts } from './api.ts'
import { carriesToken } from './bearer.ts'
import { EventBoard } from './event-board.ts'
import { isKnownHost, isOwnOrigin, type KnownHosts } from './host-header.ts'
import { limits } from './limits.ts'
import type { ListenAddress } from './listen-address.ts'
import { isOwnScope } from './alert-query.ts'
import { pageFiles } from './page-files.ts'
import { RateLimit, type Rate } from './rate-limit.ts'
import { RefusalLog } from './refusal-log.ts'
import { Refusal, type RefusalCode } from './refusal.ts'
import { refusalReply, securityHeaders, send, type Reply } from './reply.ts'

/** What a server is put together from. */
export type WebServerParts = ApiParts & {
  address: ListenAddress
  hosts: KnownHosts
  token?: string | undefined
  tls?: { cert: string; key: string } | undefined
  rate?: Rate
  log: (text: string) => void
}

/** Serves the page, the API and the metrics, whatever comes in. */
export class WebServer {
  readonly #parts: WebServerParts
  readonly #api: Api
  readonly #events: EventBoard
  readonly #files = pageFiles()
  readonly #rates: RateLimit
  readonly #refusals: RefusalLog
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #end = new AbortController()

  constructor(parts: WebServerParts) {
    this.#parts = parts
    this.#api = new Api(parts)
    this.#events = new EventBoard(parts.hub, parts.own)
    const { burst, perSecond, addresses } = limits
    this.#rates = new RateLimit(parts.rate ?? { burst, perSecond, addresses })
    this.#refusals = new RefusalLog(parts.log, () => performance.now())
    const options = {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.requestMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.idleMs,
      connectionsCheckingInterval: 1000,
    }
    const handle = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#handle(request, response)
    }
    this.#server =
      parts.tls === undefined
        ? createServer(options, handle)
        : createTlsServer(
            { ...options, ...parts.tls, minVersion: 'TLSv1.2', handshakeTimeout: 5000 },
            handle,
          )
    this.#server.maxConnections = limits.connections
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      this.#refuseMalformed(error, socket)
    })
    this.#server.on('upgrade', (_request, socket) => socket.destroy())
  }

  /** Begins to listen; resolves with the port, and rejects where that cannot be. */
  async listen(): Promise<number> {
    const { host, port } = this.#parts.address
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port, backlog: 128 }, () => {
        this.#server.off('error', reject)
        resolve()
      })
    })
    this.#server.on('error', (error) => {
      this.#parts.log(`the listening socket failed: ${error.message}`)
    })
    const bound = this.#server.address()
    return typeof bound === 'object' && bound !== null ? bound.port : port
  }

  /** How many clients of the events there are. */
  get eventClients(): number {
    return this.#events.size
  }

  /** Takes no more requests, ends the events, and waits a little for requests under way. */
  async close(): Promise<void> {
    this.#events.close()
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve()
      })
    })
    this.#server.closeIdleConnections()
    const timer = setTimeout(() => {
      this.#end.abort()
      for (const socket of this.#sockets) socket.destroy()
    }, limits.endMs)
    await closed
    clearTimeout(timer)
    this.#end.abort()
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    const gone = new AbortController()
    response.on('close', () => {
      gone.abort()
    })
    const signal = AbortSignal.any([gone.signal, this.#end.signal])
    try {
      const reply = await this.#route(request, response, signal)
      if (reply !== undefined) send(response, conditional(reply, request), method === 'HEAD')
    } catch (error) {
      const refusal =
        error instanceof Refusal ? error : new Refusal(500, 'internal', 'something went wrong here')
      if (!(error instanceof Refusal)) {
        if (gone.signal.aborted) return
        this.#parts.log(
          `a request failed: ${error instanceof Error ? (error.stack ?? '') : String(error)}`,
        )
      }
      const address = request.socket.remoteAddress ?? '-'
      this.#refusals.note({ code: refusal.code, address, method, url })
      if (response.headersSent) response.destroy()
      else send(response, refusalReply(refusal), method === 'HEAD')
    } finally {
      // What is left of a body is nobody's business.
      request.resume()
    }
  }

  async #route(
    request: IncomingMessage,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<Reply | undefined> {
    const { method = '', headers } = request
    const url = this.#admit(request)
    if (url.pathname === '/healthz') return only(['GET', 'HEAD'], method, () => this.#api.health())
    const file = this.#files.get(url.pathname)
    if (file !== undefined) return only(['GET', 'HEAD'], method, () => file)
    const [, id, action] =
      /^\/api\/v1\/watches\/([0-9A-Za-z-]{1,255})(?:\/(pause|continue))?$/.exec(url.pathname) ?? []
    const path = id === undefined ? url.pathname : '/api/v1/watches/ID'
    if (!protectedPaths.has(path)) throw new Refusal(404, 'not-found', 'there is nothing here')
    this.#authorize(headers.authorization)
    if (id !== undefined && (action === 'pause' || action === 'continue')) {
      if (method !== 'POST') throw notAllowed(['POST'])
      this.#allowChange(request)
      return this.#api.control(id, action, signal)
    }
    if (method !== 'GET' && method !== 'HEAD') throw notAllowed(['GET', 'HEAD'])
    switch (path) {
      case '/api/v1/watches':
        return this.#api.watches(url.searchParams)
      case '/api/v1/alerts':
        return this.#api.alerts(url.searchParams, signal)
      case '/metrics':
        return this.#api.metrics(headers.accept)
      case '/api/v1/events':
        await this.#openEvents(request, response, url.searchParams, signal)
        return undefined
      default:
        return this.#api.watch(id ?? '', url.searchParams, signal)
    }
  }

  /** Lets a request in that is of a sensible size and means this server. */
  #admit({ socket, headers, url = '' }: IncomingMessage): URL {
    if (!this.#rates.take(socket.remoteAddress ?? '', performance.now())) {
      throw new Refusal(429, 'too-many-requests', 'too many requests', { 'Retry-After': '1' })
    }
    if (!isKnownHost(headers.host, this.#parts.hosts, socket.localAddress)) {
      const message = 'the Host header does not name this server; --allow-host NAME would allow it'
      throw new Refusal(421, 'wrong-host', message)
    }
    if (url.length > limits.urlBytes) throw new Refusal(414, 'too-large', 'the address is too long')
    if (Number(headers['content-length'] ?? 0) > limits.bodyBytes) {
      throw new Refusal(413, 'too-large', 'the body is too long', { Connection: 'close' })
    }
    if (headers['transfer-encoding'] !== undefined) {
      throw new Refusal(411, 'bad-request', 'the length of the body is not said', {
        Connection: 'close',
      })
    }
    if (!url.startsWith('/') || url.startsWith('//') || !URL.canParse(url, 'http://localhost')) {
      throw new Refusal(400, 'bad-request', 'the address cannot be read')
    }
    return new URL(url, 'http://localhost')
  }

  #authorize(authorization: string | undefined): void {
    const { token } = this.#parts
    if (token === undefined || carriesToken(authorization, token)) return
    throw new Refusal(401, 'unauthorized', 'a bearer token is needed', {
      'WWW-Authenticate': 'Bearer realm="clp_fsmon"',
    })
  }

  /** A page from elsewhere may not change anything here, whatever it has got hold of. */
  #allowChange({ headers }: IncomingMessage): void {
    const { origin, host } = headers
    const site = headers['sec-fetch-site']
    const isFromElsewhere = site !== undefined && site !== 'same-origin' && site !== 'none'
    if (isFromElsewhere || !isOwnOrigin(origin, host, this.#parts.tls !== undefined)) {
      throw new Refusal(403, 'forbidden', 'only the page of this server may ask for this')
    }
    // Without a token there is no control at all.
    if (this.#parts.token === undefined)
      throw new Refusal(403, 'forbidden', 'control needs a token')
  }

  async #openEvents(
    request: IncomingMessage,
    response: ServerResponse,
    parameters: URLSearchParams,
    signal: AbortSignal,
  ): Promise<void> {
    const ownOnly = isOwnScope(parameters)
    if (request.method === 'HEAD') throw notAllowed(['GET'])
    if (!this.#events.hasRoom()) {
      throw new Refusal(503, 'too-many-clients', 'too many clients listen', { 'Retry-After': '5' })
    }
    const last = request.headers['last-event-id']
    response.writeHead(200, {
      ...securityHeaders,
      'Cache-Control': 'no-store',
      'Content-Type': 'text/event-stream; charset=utf-8',
      'X-Accel-Buffering': 'no',
    })
    request.socket.setNoDelay(true)
    const wish = { resume: typeof last === 'string' ? last : undefined, ownOnly }
    await this.#events.add(response, wish, signal)
  }

  #refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
    const [status, code] = malformed[error.code ?? ''] ?? [400, 'bad-request']
    const address = socket.remoteAddress ?? '-'
    if (error.code !== 'ECONNRESET') {
      this.#refusals.note({ code, address, method: '-', url: error.code ?? '-' })
    }
    if (socket.writable && error.code !== 'ECONNRESET') {
      const reply = refusalReply(new Refusal(status, code, 'the request cannot be read'))
      const length = Buffer.byteLength(reply.body)
      socket.end(
        `HTTP/1.1 ${status} ${code}\r\nConnection: close\r\nContent-Type: ${reply.type}\r\n` +
          `X-Content-Type-Options: nosniff\r\nContent-Length: ${length}\r\n\r\n${String(reply.body)}`,
      )
    } else socket.destroy()
  }
}

const malformed: Readonly<Partial<Record<string, readonly [number, RefusalCode]>>> = {
  HPE_HEADER_OVERFLOW: [431, 'too-large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'bad-request'],
}

const protectedPaths: ReadonlySet<string> = new Set([
  '/metrics',
  '/api/v1/watches',
  '/api/v1/watches/ID',
  '/api/v1/alerts',
  '/api/v1/events',
])

function only(allowed: readonly string[], method: string, reply: () => Reply): Reply {
  if (!allowed.includes(method)) throw notAllowed(allowed)
  return reply()
}

function notAllowed(allowed: readonly string[]): Refusal {
  const headers = { Allow: allowed.join(', ') }
  return new Refusal(405, 'method-not-allowed', 'not with this method', headers)
}

/** What the other end has already is not sent again. */
function conditional(reply: Reply, { headers }: IncomingMessage): Reply {
  const tag = reply.headers?.['ETag']
  if (tag === undefined || headers['if-none-match'] !== tag) return reply
  return { ...reply, status: 304, body: '' }
}
