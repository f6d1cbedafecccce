/** How one side of a conversation is cut into messages: the length of the first one, once it can be told. */
export type Framing = (bytes: Buffer) => number | undefined

/** SMB over TCP: a byte of type, three of length ([MS-SMB2] 2.1). */
export const smbFraming: Framing = (bytes) =>
  bytes.length < 4 ? undefined : 4 + bytes.readUIntBE(1, 3)

/** Whether a message only says that an answer will come: STATUS_PENDING, asynchronous ([MS-SMB2] 3.3.4.4). */
export function isInterim(message: Buffer): boolean {
  return (
    message.length >= 4 + 64 &&
    message.readUInt32BE(4) === 0xfe53_4d42 &&
    message.readUInt32LE(4 + 8) === 0x103 &&
    (message.readUInt32LE(4 + 16) & 2) !== 0
  )
}

/** RPC over TCP: fragments behind four bytes each, the last one marked by its first bit (RFC 5531 11). */
export const rpcFraming: Framing = (bytes) => {
  let end = 0
  for (;;) {
    if (bytes.length < end + 4) return undefined
    const mark = bytes.readUInt32BE(end)
    end += 4 + (mark & 0x7fff_ffff)
    if (mark >= 0x8000_0000) return end
  }
}

/** Cuts a stream that comes in pieces of any size into whole messages. */
export class MessageCutter {
  readonly #framing: Framing
  #bytes = Buffer.alloc(0)

  constructor(framing: Framing) {
    this.#framing = framing
  }

  /** The messages that are whole now. */
  take(piece: Buffer): Buffer[] {
    this.#bytes = Buffer.concat([this.#bytes, piece])
    const messages: Buffer[] = []
    for (;;) {
      const length = this.#framing(this.#bytes)
      if (length === undefined || this.#bytes.length < length) return messages
      messages.push(this.#bytes.subarray(0, length))
      this.#bytes = this.#bytes.subarray(length)
    }
  }

  /** What came after the last whole message. */
  get rest(): Buffer {
    return this.#bytes
  }
}
