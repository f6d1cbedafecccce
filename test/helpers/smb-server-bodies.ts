/** What a scripted server says of itself. */
export type Choice = { dialect: number; cipher: number; signing: number | undefined }

export const serverGuid = Buffer.alloc(16, 0x5a)

/** The answer to NEGOTIATE; in 3.1.1 with its contexts. */
export function negotiateBody({ dialect, cipher, signing }: Choice): Buffer {
  const body = Buffer.alloc(64)
  body.writeUInt16LE(65, 0)
  body.writeUInt16LE(3, 2)
  body.writeUInt16LE(dialect, 4)
  serverGuid.copy(body, 8)
  body.writeUInt32LE(dialect >= 0x0300 && dialect < 0x0311 && cipher !== 0 ? 0x44 : 4, 24)
  body.writeUInt16LE(128, 56)
  if (dialect !== 0x0311) return body
  const contexts: [number, Buffer][] = [
    [1, Buffer.concat([Buffer.from([1, 0, 4, 0, 1, 0]), Buffer.alloc(4, 7)])],
    [2, Buffer.from([1, 0, cipher, 0])],
  ]
  if (signing !== undefined) contexts.push([8, Buffer.from([1, 0, signing, 0])])
  body.writeUInt16LE(contexts.length, 6)
  body.writeUInt32LE(128, 60)
  const last = contexts.length - 1
  const encoded = contexts.map(([type, data], i) => context(type, data, i === last))
  return Buffer.concat([body, ...encoded])
}

/** The answer to FSCTL_VALIDATE_NEGOTIATE_INFO. */
export function validateBody(choice: Choice): Buffer {
  const body = Buffer.alloc(48 + 24)
  body.writeUInt16LE(49, 0)
  body.writeUInt32LE(0x00140204, 4)
  body.writeUInt32LE(112, 32)
  body.writeUInt32LE(24, 36)
  const negotiated = negotiateBody(choice)
  negotiated.copy(body, 48, 24, 28)
  serverGuid.copy(body, 52)
  negotiated.copy(body, 68, 2, 4)
  body.writeUInt16LE(choice.dialect, 70)
  return body
}

/** The answer to FSCTL_PIPE_TRANSCEIVE. */
export function pipeBody(data: Buffer): Buffer {
  const body = Buffer.alloc(48)
  body.writeUInt16LE(49, 0)
  body.writeUInt32LE(0x0011c017, 4)
  body.writeUInt32LE(112, 32)
  body.writeUInt32LE(data.length, 36)
  return Buffer.concat([body, data])
}

/** The answer to SESSION_SETUP. */
export function sessionBody(flags: number, token: Buffer): Buffer {
  const body = Buffer.alloc(8)
  body.writeUInt16LE(9, 0)
  body.writeUInt16LE(flags, 2)
  body.writeUInt16LE(72, 4)
  body.writeUInt16LE(token.length, 6)
  return Buffer.concat([body, token])
}

/** A context; only those before the last one are padded. */
function context(type: number, data: Buffer, isLast: boolean): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt16LE(type, 0)
  head.writeUInt16LE(data.length, 2)
  return Buffer.concat([head, data, Buffer.alloc(isLast ? 0 : (8 - (data.length % 8)) % 8)])
}

/** READ's and QUERY_DIRECTORY's answers have their data behind them. */
export function dataBody(size: 9 | 17, data: Buffer): Buffer {
  const body = Buffer.alloc(size - 1)
  body.writeUInt16LE(size, 0)
  if (size === 17) {
    body.writeUInt8(80, 2)
    body.writeUInt32LE(data.length, 4)
  } else {
    body.writeUInt16LE(72, 2)
    body.writeUInt32LE(data.length, 4)
  }
  return Buffer.concat([body, data])
}

/** An entry of a directory. */
export function nameEntry(text: string, isLast: boolean): Buffer {
  const utf16 = Buffer.from(text, 'utf16le')
  const entry = Buffer.alloc(Math.ceil((12 + utf16.length) / 8) * 8)
  if (!isLast) entry.writeUInt32LE(entry.length, 0)
  entry.writeUInt32LE(utf16.length, 8)
  utf16.copy(entry, 12)
  return entry
}
