import { createHmac } from 'node:crypto'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { isIP } from 'node:net'
import { retryAfterMs } from './back-off.ts'

/** Who gets what is posted. */
export type Receiver = {
  url: string
  /** how long one attempt may take, from the look-up of the name to the answer's first line */
  timeoutMs: number
  /** signs what is posted */
  secret?: Buffer
  /** certificates, as PEM, that alone are trusted in place of the system's */
  ca?: string
  /** who we say that we are */
  agent: string
  /** looks a name up */
  resolve: (host: string, signal: AbortSignal) => Promise<readonly string[]>
}

/** What became of one attempt. */
export type Posted =
  | { kind: 'delivered' }
  /** the receiver will never take this one */
  | { kind: 'refused'; reason: string }
  | { kind: 'failed'; reason: string; retryAfterMs?: number }

/** Answers that are about what was posted, and will be the same the next time. */
const refusals: ReadonlySet<number> = new Set([400, 405, 406, 411, 413, 415, 422])

/** Posts a text of JSON once; never rejects. Only the first line of the answer counts. */
export async function post(
  receiver: Receiver,
  body: string,
  key: string,
  signal: AbortSignal,
  now: () => Date = () => new Date(),
): Promise<Posted> {
  const { url, timeoutMs } = receiver
  const end = new AbortController()
  const onAbort = (): void => {
    end.abort(new Error('called off'))
  }
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(() => {
    end.abort(new Error(`no answer within ${timeoutMs} ms`))
  }, timeoutMs)
  let request: ClientRequest | undefined
  try {
    const addresses = await addressesOf(receiver, end.signal)
    end.signal.throwIfAborted()
    // Loaded only here: who posts nothing needs neither.
    const { request: open } = await (url.startsWith('https:')
      ? import('node:https')
      : import('node:http'))
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request = open(url, options(receiver, addresses, body, key, now()), resolve)
      request.on('error', reject)
      end.signal.addEventListener('abort', () => {
        reject(end.signal.reason)
      })
      request.end(body)
    })
    return judge(answer, now())
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error) }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    request?.on('error', () => undefined)
    request?.destroy()
  }
}

async function addressesOf(
  { url, resolve }: Receiver,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0) return [host]
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason)
    })
  })
  late.catch(() => undefined)
  return Promise.race([resolve(host, signal), late])
}

function options(
  { secret, ca, agent }: Receiver,
  addresses: readonly string[],
  body: string,
  key: string,
  now: Date,
): RequestOptions & { ca?: string } {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const found = addresses.map((address) => ({ address, family: isIP(address) }))
  return {
    method: 'POST',
    agent: false,
    // The name was looked up before: what Node uses would hold one of the threads that files need.
    lookup: (_host, { all }, give) => {
      const [first] = found
      if (all === true) give(null, found)
      else give(null, first?.address ?? '', first?.family)
    },
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': agent,
      'idempotency-key': key,
      'clp-fsmon-timestamp': timestamp,
      ...(secret !== undefined && { 'clp-fsmon-signature': signatureOf(secret, timestamp, body) }),
    },
    ...(ca !== undefined && { ca }),
  }
}

/** What proves to a receiver who shares the secret that this body was posted, and when. */
export function signatureOf(secret: Buffer, timestamp: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`
}

function judge({ statusCode = 0, headers }: IncomingMessage, now: Date): Posted {
  if (statusCode >= 200 && statusCode < 300) return { kind: 'delivered' }
  const isElsewhere = statusCode >= 300 && statusCode < 400
  const reason = `answered with ${statusCode}${isElsewhere ? '; it is not followed elsewhere' : ''}`
  if (refusals.has(statusCode)) return { kind: 'refused', reason }
  const wish = retryAfterMs(headers['retry-after'], now)
  return { kind: 'failed', reason, ...(wish !== undefined && { retryAfterMs: wish }) }
}

/** The code of an error, or its words; addresses, which may hold a secret, are not among them. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = Object.assign<{ code?: unknown }, Error>({}, error)
  return typeof code === 'string' ? code : error.message
}
