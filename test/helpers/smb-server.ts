import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import {
  type Choice,
  dataBody,
  nameEntry,
  negotiateBody,
  pipeBody,
  sessionBody,
  validateBody,
} from './smb-server-bodies.ts'
import { kdf, seal, sha512, signature, unseal } from './smb-server-crypto.ts'
import {
  type Login,
  ntlmChallenge,
  ntlmWithin,
  readLogin,
  spnegoAccepted,
  spnegoChallenge,
} from './smb-server-login.ts'

/** The answers that a server gives, in the words of the tests. */
export type Step =
  | 'netbios'
  | 'negotiate'
  | 'challenge'
  | 'session'
  | 'tree'
  | 'validate'
  | 'pipe'
  | 'create'
  | 'close'
  | 'read'
  | 'write'
  | 'list'
  | 'disconnect'
  | 'logoff'

export type SmbServerOptions = {
  dialect?: number
  /** none: without the context (3.1.1) */
  signing?: number | undefined
  cipher?: number | undefined
  sessionFlags?: number
  shareType?: number
  shareFlags?: number
  fileContent?: Buffer
  /** What is behind a pipe answers to a message: the first part at once, the others when they are read. */
  pipe?: (message: Buffer) => Buffer[]
  credits?: number
  /** The status of a step; success (or more processing) unless told. */
  status?: Partial<Record<Step, number>>
  challenge?: Buffer
  /** Refuses what a real server would: a wrong proof, a session, tree or file that it did not give. */
  strict?: boolean
  /** Changes an answer before it is signed or sealed. */
  alter?: (step: Step, message: Buffer) => Buffer
  /** Keeps answers from being signed or sealed. */
  unprotected?: (step: Step) => boolean
  /** Changes an answer as it goes out, without the four bytes before it. */
  tamper?: (step: Step, message: Buffer) => Buffer
  /** Messages that go before an answer. */
  before?: (step: Step, messageId: bigint) => Buffer[]
  /** Puts the frames of a step on the wire. */
  deliver?: (socket: Socket, frames: Buffer[], step: Step) => void
  host?: string
}

/** A request as the server understood it. */
export type Seen = {
  command: number
  messageId: bigint
  creditCharge: number
  treeId: number
  sessionId: bigint
  isSealed: boolean
  isSigned: boolean
  signatureIsRight: boolean
  message: Buffer
}

const steps: Readonly<Record<number, Step>> = {
  0: 'negotiate',
  2: 'logoff',
  3: 'tree',
  4: 'disconnect',
  5: 'create',
  6: 'close',
  8: 'read',
  9: 'write',
  11: 'validate',
  14: 'list',
}

export const sessionId = 0x1122334455667788n
export const treeId = 0x99
const fileId = Buffer.from('00112233445566778899aabbccddeeff', 'hex')

export const frame = (message: Buffer, type = 0): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(message.length)
  head[0] = type
  return Buffer.concat([head, message])
}

/** A header of sixty-four bytes, as of an answer. */
export function header(fields: {
  command: number
  messageId: bigint
  status?: number
  flags?: number
  credits?: number
  treeId?: number
  sessionId?: bigint
  next?: number
}): Buffer {
  const bytes = Buffer.alloc(64)
  bytes.write('fe534d424000', 'hex')
  bytes.writeUInt32LE(fields.status ?? 0, 8)
  bytes.writeUInt16LE(fields.command, 12)
  bytes.writeUInt16LE(fields.credits ?? 8, 14)
  bytes.writeUInt32LE(fields.flags ?? 1, 16)
  bytes.writeUInt32LE(fields.next ?? 0, 20)
  bytes.writeBigUInt64LE(fields.messageId, 24)
  bytes.writeUInt32LE(fields.treeId ?? 0, 36)
  bytes.writeBigUInt64LE(fields.sessionId ?? 0n, 40)
  return bytes
}

/** A server that says what it is told, byte by byte if need be. */
export class SmbServer {
  readonly seen: Seen[] = []
  readonly logins: Login[] = []
  readonly sockets: Socket[] = []
  /** Whether every connection so far was closed in good order. */
  politelyClosed = true
  readonly #server: Server
  readonly #options: SmbServerOptions

  private constructor(options: SmbServerOptions) {
    this.#options = options
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.sockets.push(socket)
      new Conversation(socket, this.#options, this).begin()
    })
  }

  static async start(options: SmbServerOptions = {}): Promise<SmbServer> {
    const smb = new SmbServer(options)
    smb.#server.listen(0, options.host ?? '127.0.0.1')
    await once(smb.#server, 'listening')
    return smb
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

/** Whether a request is FSCTL_PIPE_TRANSCEIVE. */
function isPipe(message: Buffer): boolean {
  return message.readUInt16LE(12) === 11 && message.readUInt32LE(68) === 0x0011c017
}

class Conversation {
  readonly #socket: Socket
  readonly #options: SmbServerOptions
  readonly #log: SmbServer
  #buffered: Buffer = Buffer.alloc(0)
  #preauth: Buffer = Buffer.alloc(64)
  #negotiateToken: Buffer = Buffer.alloc(0)
  #said: Buffer = Buffer.alloc(0)
  #signingKey: Buffer | undefined
  #sealKeys: { mine: Buffer; theirs: Buffer } = { mine: Buffer.alloc(0), theirs: Buffer.alloc(0) }
  #sealing = false
  #sealed = 0
  #written: Buffer | undefined
  #unread: Buffer[] = []
  #lastLogin: Login | undefined

  constructor(socket: Socket, options: SmbServerOptions, log: SmbServer) {
    this.#socket = socket
    this.#options = options
    this.#log = log
  }

  begin(): void {
    this.#socket.on('error', () => (this.#log.politelyClosed = false))
    this.#socket.on('data', (chunk: Buffer) => {
      this.#buffered = Buffer.concat([this.#buffered, chunk])
      this.#takeFrames()
    })
  }

  get #dialect(): number {
    return this.#options.dialect ?? 0x0311
  }

  get #choice(): Choice {
    const { cipher = 2, signing } = this.#options
    return { dialect: this.#dialect, cipher, signing }
  }

  #takeFrames(): void {
    while (this.#buffered.length >= 4) {
      const type = this.#buffered.readUInt8()
      const length = this.#buffered.readUInt32BE() & 0xffffff
      if (this.#buffered.length < 4 + length) return
      const message = this.#buffered.subarray(4, 4 + length)
      this.#buffered = this.#buffered.subarray(4 + length)
      if (type === 0x81) this.#deliver([frame(Buffer.alloc(0), 0x82)], 'netbios')
      else if (this.#options.strict === true) this.#takeOrHangUp(Buffer.from(message))
      else this.#take(Buffer.from(message))
    }
  }

  #takeOrHangUp(bytes: Buffer): void {
    try {
      this.#take(bytes)
    } catch {
      this.#socket.destroy()
    }
  }

  #take(bytes: Buffer): void {
    const isSealed = bytes.readUInt32BE() === 0xfd534d42
    const { cipher = 2 } = this.#options
    const message = isSealed ? unseal(cipher, this.#sealKeys.theirs, bytes) : bytes
    const command = message.readUInt16LE(12)
    const isSigned = (message.readUInt32LE(16) & 8) !== 0
    this.#log.seen.push({
      command,
      messageId: message.readBigUInt64LE(24),
      creditCharge: message.readUInt16LE(6),
      treeId: message.readUInt32LE(36),
      sessionId: message.readBigUInt64LE(40),
      isSealed,
      isSigned,
      signatureIsRight: isSigned && this.#signatureIsRight(message),
      message,
    })
    if (command === 1) this.#logIn(message)
    else if (isPipe(message)) this.#answer('pipe', message, this.#pipeBody(message))
    else this.#answer(steps[command] ?? 'negotiate', message, this.#body(command, message))
  }

  #signatureIsRight(message: Buffer): boolean {
    const unsigned = Buffer.from(message)
    unsigned.fill(0, 48, 64)
    const right = signature(this.#signing, this.#signingKey ?? Buffer.alloc(16), unsigned)
    return message.subarray(48, 64).equals(right)
  }

  get #signing(): number {
    if (this.#dialect < 0x0300) return 0
    return this.#dialect < 0x0311 ? 1 : (this.#options.signing ?? 1)
  }

  #logIn(message: Buffer): void {
    const token = message.subarray(
      message.readUInt16LE(76),
      message.readUInt16LE(76) + message.readUInt16LE(78),
    )
    const challenge = this.#options.challenge ?? ntlmChallenge()
    this.#preauth = sha512(this.#preauth, message)
    if (message.readBigUInt64LE(40) === 0n) {
      this.#negotiateToken = Buffer.from(ntlmWithin(token))
      const body = sessionBody(0, spnegoChallenge(challenge))
      const answer = this.#answer('challenge', message, body)
      this.#preauth = sha512(this.#preauth, answer)
      return
    }
    const login = readLogin(token, this.#negotiateToken, challenge)
    this.#log.logins.push(login)
    this.#lastLogin = login
    const { sessionFlags = login.isAnonymous ? 2 : 0 } = this.#options
    if ((sessionFlags & 3) === 0) this.#deriveKeys(login.sessionKey)
    this.#answer('session', message, sessionBody(sessionFlags, spnegoAccepted))
    this.#sealing = (sessionFlags & 4) !== 0
  }

  #deriveKeys(key: Buffer): void {
    const is311 = this.#dialect === 0x0311
    const bytes = (this.#options.cipher ?? 2) > 2 ? 32 : 16
    const context = (text: string) => (is311 ? this.#preauth : Buffer.from(text))
    const sign = is311 ? 'SMBSigningKey' : 'SMB2AESCMAC'
    this.#signingKey = this.#dialect < 0x0300 ? key : kdf(key, sign, context('SmbSign\0'), 16)
    this.#sealKeys = {
      mine: kdf(key, is311 ? 'SMBS2CCipherKey' : 'SMB2AESCCM', context('ServerOut\0'), bytes),
      theirs: kdf(key, is311 ? 'SMBC2SCipherKey' : 'SMB2AESCCM', context('ServerIn \0'), bytes),
    }
  }

  #pipeBody(message: Buffer): Buffer {
    const [first = Buffer.alloc(0), ...others] = this.#options.pipe?.(message.subarray(120)) ?? []
    this.#unread = others
    return pipeBody(first)
  }

  #body(command: number, message: Buffer): Buffer {
    const { shareType = 1, shareFlags = 0, fileContent = Buffer.from('content') } = this.#options
    switch (command) {
      case 0:
        this.#said = message
        return negotiateBody(this.#choice)
      case 3: {
        const body = Buffer.alloc(16)
        body.writeUInt16LE(16, 0)
        body.writeUInt8(shareType, 2)
        body.writeUInt32LE(shareFlags, 4)
        return body
      }
      case 5: {
        const body = Buffer.alloc(88)
        body.writeUInt16LE(89, 0)
        fileId.copy(body, 64)
        return body
      }
      case 6: {
        const body = Buffer.alloc(60)
        body.writeUInt16LE(60, 0)
        return body
      }
      case 8:
        return dataBody(17, this.#unread.shift() ?? this.#written ?? fileContent)
      case 9: {
        this.#written = message.subarray(112)
        const body = Buffer.alloc(16)
        body.writeUInt16LE(17, 0)
        body.writeUInt32LE(this.#written.length, 4)
        return body
      }
      case 11:
        return validateBody(this.#choice)
      case 14:
        return dataBody(9, Buffer.concat([nameEntry('.', false), nameEntry('a.txt', true)]))
      default:
        return Buffer.from([4, 0, 0, 0])
    }
  }

  #answer(step: Step, request: Buffer, body: Buffer): Buffer {
    const { status, credits = 8, alter, unprotected, tamper, before } = this.#options
    const command = request.readUInt16LE(12)
    const messageId = request.readBigUInt64LE(24)
    const fallback = step === 'challenge' ? 0xc0000016 : 0
    const answered = this.#objection(step, request) ?? status?.[step] ?? fallback
    // BUFFER_OVERFLOW comes with what there was room for.
    const isError = answered !== fallback && answered !== 0x8000_0005
    const head = header({
      command,
      messageId,
      status: answered,
      credits,
      treeId: command === 3 ? treeId : request.readUInt32LE(36),
      sessionId: command === 0 ? 0n : sessionId,
    })
    const plain = Buffer.concat([head, isError ? Buffer.from([9, 0, 0, 0, 0, 0, 0, 0, 0]) : body])
    const message = alter?.(step, plain) ?? plain
    if (command === 0) this.#preauth = sha512(sha512(Buffer.alloc(64), this.#said), message)
    const bytes = unprotected?.(step) === true ? message : this.#protect(message)
    const frames = (before?.(step, messageId) ?? []).map((each) => frame(each))
    this.#deliver([...frames, frame(tamper?.(step, bytes) ?? bytes)], step)
    if (command === 3 && ((this.#options.shareFlags ?? 0) & 0x8000) !== 0) this.#sealing = true
    return message
  }

  /** What a server that looks closely has against a request. */
  #objection(step: Step, request: Buffer): number | undefined {
    if (this.#options.strict !== true || step === 'negotiate' || step === 'challenge') return
    const { sessionFlags = 0 } = this.#options
    const isUser = (sessionFlags & 3) === 0 && this.#lastLogin?.isAnonymous !== true
    if (request.readBigUInt64LE(40) !== sessionId) return 0xc0000203
    if (step === 'session') {
      const isRight = this.#lastLogin?.passwordIsRight === true && this.#lastLogin.micIsRight
      return isUser && !isRight ? 0xc000006d : undefined
    }
    const seen = this.#log.seen.at(-1)
    if (isUser && seen?.isSealed !== true && seen?.signatureIsRight !== true) return 0xc0000022
    if (step === 'tree' || step === 'logoff') return
    if (request.readUInt32LE(36) !== treeId) return 0xc00000c9
    const fileIdAt = { close: 72, read: 80, write: 80, list: 72 }[step as string]
    if (fileIdAt === undefined) return
    return request.subarray(fileIdAt, fileIdAt + 16).equals(fileId) ? undefined : 0xc0000128
  }

  #protect(message: Buffer): Buffer {
    if (this.#signingKey === undefined || message.length < 64) return message
    const lastSeen = this.#log.seen.at(-1)
    if (this.#sealing || lastSeen?.isSealed === true) {
      const { cipher = 2 } = this.#options
      return seal(cipher, this.#sealKeys.mine, sessionId, message, this.#sealed++)
    }
    const signed = Buffer.from(message)
    signed.writeUInt32LE((signed.readUInt32LE(16) | 8) >>> 0, 16)
    signed.fill(0, 48, 64)
    signature(this.#signing, this.#signingKey, signed).copy(signed, 48)
    return signed
  }

  #deliver(frames: Buffer[], step: Step): void {
    const { deliver } = this.#options
    if (deliver === undefined) this.#socket.write(Buffer.concat(frames))
    else deliver(this.#socket, frames, step)
  }
}
