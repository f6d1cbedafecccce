import { MalformedError } from '../../wire/malformed-error.ts'
import { Reader } from '../../wire/reader.ts'
import { Writer } from '../../wire/writer.ts'

const tag = {
  octetString: 0x04,
  enumerated: 0x0a,
  sequence: 0x30,
  application0: 0x60,
  context0: 0xa0,
  context1: 0xa1,
  context2: 0xa2,
  context3: 0xa3,
} as const

/** 1.3.6.1.5.5.2 */
const spnegoOid = Buffer.from('06062b0601050502', 'hex')
/** 1.3.6.1.4.1.311.2.2.10 */
const ntlmOid = Buffer.from('060a2b06010401823702020a', 'hex')

/** The list of mechanisms that we offer, NTLM alone; the last token carries a signature of it. */
export const mechTypes = der(tag.sequence, ntlmOid)

/** The first token, a NegTokenInit (RFC 4178 4.2.1). */
export function encodeSpnegoInit(ntlmToken: Uint8Array): Buffer {
  const mechToken = der(tag.context2, der(tag.octetString, ntlmToken))
  const init = der(tag.context0, der(tag.sequence, der(tag.context0, mechTypes), mechToken))
  return der(tag.application0, spnegoOid, init)
}

/** The last token, a NegTokenResp (RFC 4178 4.2.2); a login without a key cannot sign the list. */
export function encodeSpnegoResponse(ntlmToken: Uint8Array, mechListMic?: Uint8Array): Buffer {
  const tokenBytes = derBytes(ntlmToken.length)
  const micBytes = mechListMic === undefined ? 0 : derBytes(mechListMic.length)
  const fieldBytes = derBytes(tokenBytes) + (micBytes === 0 ? 0 : derBytes(micBytes))
  // From the outside in, so that nothing is copied more than once.
  const writer = new Writer(derBytes(derBytes(fieldBytes)))
  begin(writer, tag.context1, derBytes(fieldBytes))
  begin(writer, tag.sequence, fieldBytes)
  begin(writer, tag.context2, tokenBytes)
  begin(writer, tag.octetString, ntlmToken.length).put(ntlmToken)
  if (mechListMic !== undefined) {
    begin(writer, tag.context3, micBytes)
    begin(writer, tag.octetString, mechListMic.length).put(mechListMic)
  }
  return writer.done()
}

/** The NTLM token within the server's NegTokenResp. */
export function decodeSpnegoResponse(bytes: Buffer): Buffer {
  const fields = new Reader(open(new Reader(open(new Reader(bytes), tag.context1)), tag.sequence))
  while (fields.left > 0) {
    const field = element(fields)
    if (field.tag === tag.context2) return open(new Reader(field.content), tag.octetString)
  }
  throw new MalformedError('an SPNEGO answer without a token')
}

/** NegTokenResp's negState `reject` (RFC 4178 4.2.2). */
const rejected = 2

/**
 * Whether the last token of a login that has succeeded says that it was rejected, which no client gets past.
 *
 * Whatever else it says is let pass, and so is what cannot be read: there are servers that send nothing
 * here, Linux as a client does not look, and where there is a key the answer's own signature covers it.
 */
export function saysRejected(bytes: Buffer): boolean {
  try {
    const fields = new Reader(open(new Reader(open(new Reader(bytes), tag.context1)), tag.sequence))
    while (fields.left > 0) {
      const field = element(fields)
      if (field.tag !== tag.context0) continue
      const state = open(new Reader(field.content), tag.enumerated)
      return state.length === 1 && state[0] === rejected
    }
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error
  }
  return false
}

function der(tagByte: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  return begin(new Writer(derBytes(content.length)), tagByte, content.length)
    .put(content)
    .done()
}

/** How many bytes an element takes with so many in it. */
function derBytes(length: number): number {
  return length + (length < 0x80 ? 2 : length < 0x100 ? 3 : 4)
}

function begin(writer: Writer, tagByte: number, length: number): Writer {
  writer.u8(tagByte)
  if (length < 0x80) return writer.u8(length)
  if (length < 0x100) return writer.u8(0x81).u8(length)
  return writer.u8(0x82).u16be(length)
}

function open(reader: Reader, wanted: number): Buffer {
  const { tag: found, content } = element(reader)
  if (found !== wanted) {
    throw new MalformedError(`DER tag ${found.toString(16)} where ${wanted.toString(16)} is due`)
  }
  return content
}

function element(reader: Reader): { tag: number; content: Buffer } {
  const found = reader.u8()
  return { tag: found, content: reader.take(lengthOf(reader)) }
}

function lengthOf(reader: Reader): number {
  const first = reader.u8()
  if (first < 0x80) return first
  const byteCount = first & 0x7f
  if (byteCount < 1 || byteCount > 4) throw new MalformedError('an impossible DER length')
  let length = 0
  for (let i = 0; i < byteCount; i++) length = length * 256 + reader.u8()
  return length
}
