import type { ServerResponse } from 'node:http'
import type { Refusal } from './refusal.ts'

/** What every answer says to a browser: run, show and reveal nothing that is not ours. */
export const securityHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
    "img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
} as const

/** An answer of one piece. */
export type Reply = {
  status: number
  type: string
  body: string | Buffer
  headers?: Readonly<Record<string, string>>
}

/** An answer of JSON. */
export function jsonReply(value: unknown, status = 200): Reply {
  return { status, type: 'application/json; charset=utf-8', body: `${JSON.stringify(value)}\n` }
}

/** What is said to one whose request is refused. */
export function refusalReply({ status, code, message, headers }: Refusal): Reply {
  return { ...jsonReply({ version: 1, error: { code, message } }, status), headers }
}

/** Sends an answer; for HEAD everything but its body. */
export function send(response: ServerResponse, reply: Reply, isHead: boolean): void {
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body
  response.writeHead(reply.status, {
    ...securityHeaders,
    'Cache-Control': 'no-store',
    ...(reply.status !== 304 && { 'Content-Type': reply.type, 'Content-Length': body.length }),
    ...reply.headers,
  })
  response.end(isHead ? undefined : body)
}
