import { MalformedError } from '../wire/malformed-error.ts'
import type { Reader } from '../wire/reader.ts'

/** The commands that this client sends ([MS-SMB2] 2.2.1). */
export const command = {
  negotiate: 0,
  sessionSetup: 1,
  logoff: 2,
  treeConnect: 3,
  treeDisconnect: 4,
  create: 5,
  close: 6,
  read: 8,
  write: 9,
  ioctl: 11,
  queryDirectory: 14,
  queryInfo: 16,
} as const

export type Command = (typeof command)[keyof typeof command]

/** Header flags ([MS-SMB2] 2.2.1). */
export const headerFlags = { response: 1, async: 2, signed: 8 } as const

/** Where a message's body begins. */
export const headerBytes = 64

/** Where in a header the signature stands, sixteen bytes of it. */
export const signatureOffset = 48

/** 0xFE 'S' 'M' 'B', as a little-endian number. */
export const plainProtocolId = 0x424d53fe

/** The header of a request; ids that a session or tree has not given yet are zero. */
export type RequestHeader = {
  command: Command
  messageId: number
  creditCharge: number
  creditRequest: number
  treeId: number
  sessionId: bigint
}

/** The header of an answer. */
export type ResponseHeader = {
  status: number
  command: number
  credits: number
  flags: number
  /** where the next message of a compound answer begins, or zero */
  next: number
  /** undefined where the server spoke unasked */
  messageId: number | undefined
  /** undefined in an answer that an interim one came before */
  treeId: number | undefined
  sessionId: bigint
}

const unasked = 0xffffffff

/** Puts a header before a body. */
export function encodeMessage(header: RequestHeader, body: Buffer): Buffer {
  // Out of the pool: zeroed memory of its own costs several times as much for so few bytes.
  const message = Buffer.allocUnsafe(headerBytes + body.length).fill(0, 0, headerBytes)
  message.writeUInt32LE(plainProtocolId, 0)
  message.writeUInt16LE(headerBytes, 4)
  message.writeUInt16LE(header.creditCharge, 6)
  message.writeUInt16LE(header.command, 12)
  message.writeUInt16LE(header.creditRequest, 14)
  message.writeUInt32LE(header.messageId, 24)
  message.writeUInt32LE(header.treeId, 36)
  message.writeBigUInt64LE(header.sessionId, 40)
  message.set(body, headerBytes)
  return message
}

/** Decodes the header of an answer. */
export function decodeHeader(reader: Reader): ResponseHeader {
  if (reader.u32le() !== plainProtocolId) throw new MalformedError('not an SMB 2 message')
  if (reader.u16le() !== headerBytes) throw new MalformedError('an SMB 2 header of another size')
  reader.skip(2)
  const status = reader.u32le()
  const answered = reader.u16le()
  const credits = reader.u16le()
  const flags = reader.u32le()
  const next = reader.u32le()
  const messageId = reader.u32le()
  const messageIdHigh = reader.u32le()
  reader.skip(4)
  const treeId = reader.u32le()
  const sessionId = reader.u64le()
  reader.skip(16)
  if ((flags & headerFlags.response) === 0)
    throw new MalformedError('a request where an answer is due')
  return {
    status,
    command: answered,
    credits,
    flags,
    next,
    // Where it is too large to be exact, it is none of ours either, which all are below 2^32.
    messageId:
      messageId === unasked && messageIdHigh === unasked
        ? undefined
        : messageId + messageIdHigh * 2 ** 32,
    treeId: (flags & headerFlags.async) === 0 ? treeId : undefined,
    sessionId,
  }
}
