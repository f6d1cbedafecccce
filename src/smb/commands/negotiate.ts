import { MalformedError } from '../../wire/malformed-error.ts'
import type { Reader } from '../../wire/reader.ts'
import { Writer } from '../../wire/writer.ts'
import { type Dialect, dialect, isDialect } from '../dialect.ts'
import { headerBytes } from '../header.ts'
import type { NegotiateContext } from '../negotiate-context.ts'

/** What a client says of itself ([MS-SMB2] 2.2.3). */
export type NegotiateRequest = {
  dialects: readonly Dialect[]
  securityMode: number
  capabilities: number
  /** sixteen bytes */
  clientGuid: Buffer
  contexts: readonly NegotiateContext[]
}

/** What a server chose and says of itself ([MS-SMB2] 2.2.4). */
export type NegotiateResponse = {
  dialect: Dialect
  securityMode: number
  capabilities: number
  serverGuid: Buffer
  contexts: NegotiateContext[]
}

/** Encodes a request with contexts behind the dialects, each on a multiple of eight. */
export function encodeNegotiate(request: NegotiateRequest): Buffer {
  const writer = new Writer(512)
    .u16le(36)
    .u16le(request.dialects.length)
    .u16le(request.securityMode)
    .u16le(0)
    .u32le(request.capabilities)
    .put(request.clientGuid)
    .u32le(0) // the offset of the contexts
    .u16le(request.contexts.length)
    .u16le(0)
  for (const offered of request.dialects) writer.u16le(offered)
  writer.align(8).patchU32le(28, headerBytes + writer.length)
  for (const { type, data } of request.contexts) {
    writer.align(8).u16le(type).u16le(data.length).u32le(0).put(data)
  }
  return writer.done()
}

/** Decodes an answer; only 3.1.1 has contexts. */
export function decodeNegotiate(body: Reader): NegotiateResponse {
  if (body.u16le() !== 65) throw new MalformedError('an answer to NEGOTIATE of another size')
  const securityMode = body.u16le()
  const chosen = body.u16le()
  if (!isDialect(chosen))
    throw new MalformedError(`dialect 0x${chosen.toString(16)} was not offered`)
  const contextCount = body.u16le()
  const serverGuid = body.take(16)
  const capabilities = body.u32le()
  body.skip(28) // how much it takes at once, its clock, and when it started
  const tokenOffset = body.u16le()
  const tokenBytes = body.u16le()
  const contextOffset = body.u32le()
  if (tokenBytes > 0) body.slice(tokenOffset, tokenBytes)
  return {
    dialect: chosen,
    securityMode,
    capabilities,
    serverGuid,
    contexts: chosen === dialect.smb311 ? decodeContexts(body, contextOffset, contextCount) : [],
  }
}

function decodeContexts(body: Reader, offset: number, count: number): NegotiateContext[] {
  const contexts: NegotiateContext[] = []
  if (count > 0) body.seek(offset)
  for (let i = 0; i < count; i++) {
    body.align(8)
    const type = body.u16le()
    const length = body.u16le()
    body.skip(4)
    contexts.push({ type, data: body.take(length) })
  }
  return contexts
}
