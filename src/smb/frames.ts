import { MalformedError } from '../wire/malformed-error.ts'
import type { TcpConnection } from '../wire/tcp.ts'
import { NetbiosRefusedError } from './netbios-refused-error.ts'

const frameType = {
  message: 0x00,
  request: 0x81,
  positiveResponse: 0x82,
  negativeResponse: 0x83,
  retargetResponse: 0x84,
  keepAlive: 0x85,
} as const

/** Far above the longest answer to anything that this client asks. */
const longestFrameBytes = 256 * 1024

/**
 * Messages over TCP, each behind four bytes of type and length: direct TCP ([MS-SMB2] 2.1) and the
 * NetBIOS session service (RFC 1002 4.3) differ only in what comes before the first message.
 */
export class Frames {
  readonly #tcp: TcpConnection

  constructor(tcp: TcpConnection) {
    this.#tcp = tcp
  }

  /** Sends messages in one go. */
  send(messages: readonly Buffer[]): void {
    let length = 0
    for (const message of messages) length += 4 + message.length
    const bytes = Buffer.allocUnsafe(length)
    let at = 0
    for (const message of messages) {
      bytes.writeUInt32BE(message.length, at)
      bytes.set(message, at + 4)
      at += 4 + message.length
    }
    this.#tcp.send(bytes)
  }

  /** The next message, whatever segments it comes in. */
  async receive(): Promise<Buffer> {
    for (;;) {
      const { type, length } = decodeFrameHeader(this.#tcp.readNow(4) ?? (await this.#tcp.read(4)))
      const content = this.#tcp.readNow(length) ?? (await this.#tcp.read(length))
      if (type === frameType.message) return content
      if (type !== frameType.keepAlive) throw unexpected(type, content)
    }
  }

  /** Opens a NetBIOS session to whatever server listens, which port 139 asks for before any message. */
  async openNetbiosSession(callingName: string): Promise<void> {
    const names = [netbiosName('*SMBSERVER', 0x20), netbiosName(callingName, 0x00)]
    const length = names.reduce((sum, name) => sum + name.length, 0)
    this.#tcp.send(Buffer.concat([frameHeader(frameType.request, length), ...names]))
    for (;;) {
      const header = decodeFrameHeader(await this.#tcp.read(4))
      const content = await this.#tcp.read(header.length)
      if (header.type === frameType.positiveResponse) return
      if (header.type !== frameType.keepAlive) throw unexpected(header.type, content)
    }
  }
}

function decodeFrameHeader(bytes: Buffer): { type: number; length: number } {
  const header = bytes.readUInt32BE()
  const type = header >>> 24
  const length = header & 0xffffff
  if (length > longestFrameBytes || (type !== frameType.message && length > 64)) {
    throw new MalformedError(`a frame of type ${type} and ${length} bytes`)
  }
  return { type, length }
}

function unexpected(type: number, content: Buffer): Error {
  if (type === frameType.negativeResponse && content.length === 1) {
    return new NetbiosRefusedError(content.readUInt8())
  }
  if (type === frameType.retargetResponse) return new NetbiosRefusedError(type)
  return new MalformedError(`a frame of type ${type}`)
}

function frameHeader(type: number, length: number): Buffer {
  const header = Buffer.allocUnsafe(4)
  header.writeUInt32BE(length)
  header.writeUInt8(type)
  return header
}

/** First-level encoding (RFC 1001 14.1): sixteen characters, each half a byte a letter. */
function netbiosName(name: string, suffix: number): Buffer {
  const plain = Buffer.alloc(16, ' ')
  plain.write(name.toUpperCase().slice(0, 15), 'latin1')
  plain.writeUInt8(suffix, 15)
  const encoded = Buffer.alloc(34)
  encoded.writeUInt8(32, 0)
  for (const [i, byte] of plain.entries()) {
    encoded.writeUInt8(0x41 + (byte >> 4), 1 + i * 2)
    encoded.writeUInt8(0x41 + (byte & 15), 2 + i * 2)
  }
  return encoded
}
