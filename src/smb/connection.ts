import { MalformedError } from '../wire/malformed-error.ts'
import { Reader } from '../wire/reader.ts'
import { type Dialect, dialect } from './dialect.ts'
import type { Frames } from './frames.ts'
import {
  command,
  type Command,
  decodeHeader,
  encodeMessage,
  headerBytes,
  headerFlags,
  type ResponseHeader,
} from './header.ts'
import { ntStatus } from './nt-status.ts'
import { sealedProtocolId, type Sealer } from './sealing.ts'
import type { Signer } from './signing.ts'
import { Smb1OnlyError } from './smb1-only-error.ts'
import { StatusError } from './status-error.ts'

/** One thing asked of the server. */
export type Request = {
  command: Command
  body: Buffer
  treeId?: number
  /** the statuses to go on with; success alone where none are named */
  expected?: readonly number[]
}

/** A request and what came of it. */
export type Exchange = {
  /** the request as it was sent, before any sealing */
  request: Buffer
  /** the answer as it came, after any unsealing */
  response: Buffer
  header: ResponseHeader
  /** the answer's body; offsets count from the start of the message */
  body: Reader
}

type Pending = { asked: Request; request: Buffer; exchange: Exchange | undefined }

/** More credits than any check uses up. */
const creditRequest = 16
const mostCredits = 1024

/** 0xFF 'S' 'M' 'B', as a little-endian number. */
const smb1ProtocolId = 0x424d53ff

/** Requests and their answers, with ids, credits, signatures and seals in order; one session at most. */
export class SmbConnection {
  readonly #frames: Frames
  readonly #pending = new Map<number, Pending>()
  #dialect: Dialect | undefined
  #sessionId = 0n
  #signer: Signer | undefined
  #sealer: Sealer | undefined
  #nextMessageId = 0
  #credits = 1

  constructor(frames: Frames) {
    this.#frames = frames
  }

  /** Whether messages are sealed by now. */
  get isSealed(): boolean {
    return this.#sealer !== undefined
  }

  /** From here on the dialect is settled. */
  speak(settled: Dialect): void {
    this.#dialect = settled
  }

  /** From here on every message belongs to this session. */
  enterSession(sessionId: bigint): void {
    this.#sessionId = sessionId
  }

  /** From here on every message is signed, in both directions. */
  startSigning(signer: Signer): void {
    this.#signer = signer
  }

  /** From here on every message is sealed, in both directions, by the first sealer given. */
  startSealing(sealer: Sealer): void {
    this.#sealer ??= sealer
  }

  /** Asks one thing and waits for its answer. */
  async ask(request: Request): Promise<Exchange> {
    const pending = this.#compose(request)
    this.#frames.send([this.#protected(pending)])
    while (pending.exchange === undefined) this.#takeFrame(await this.#frames.receive())
    return pending.exchange
  }

  /** Asks several things, as many at once as the credits allow, and waits for all the answers. */
  async askAll(requests: readonly Request[]): Promise<Exchange[]> {
    const exchanges: Exchange[] = []
    while (exchanges.length < requests.length) {
      const most = exchanges.length + Math.max(1, this.#credits)
      const batch = requests.slice(exchanges.length, most).map((request) => this.#compose(request))
      this.#frames.send(batch.map((pending) => this.#protected(pending)))
      for (const pending of batch) {
        while (pending.exchange === undefined) this.#takeFrame(await this.#frames.receive())
        exchanges.push(pending.exchange)
      }
    }
    return exchanges
  }

  #compose(asked: Request): Pending {
    if (this.#credits < 1) throw new MalformedError('the server grants no credit to go on with')
    this.#credits--
    const messageId = this.#nextMessageId++
    const header = {
      command: asked.command,
      messageId,
      // 2.0.2 has no multi-credit requests; there the field is reserved ([MS-SMB2] 2.2.1.2).
      creditCharge: this.#dialect === dialect.smb202 ? 0 : 1,
      creditRequest,
      treeId: asked.treeId ?? 0,
      sessionId: this.#sessionId,
    }
    const pending = { asked, request: encodeMessage(header, asked.body), exchange: undefined }
    this.#pending.set(messageId, pending)
    return pending
  }

  #protected({ request }: Pending): Buffer {
    if (this.#sealer !== undefined) return this.#sealer.seal(request)
    this.#signer?.sign(request)
    return request
  }

  #takeFrame(frame: Buffer): void {
    const protocolId = new Reader(frame).u32le()
    if (protocolId === smb1ProtocolId && this.#dialect === undefined) throw new Smb1OnlyError()
    const sealer = protocolId === sealedProtocolId ? this.#sealer : undefined
    const isSealed = sealer !== undefined
    const reader = new Reader(isSealed ? sealer.open(frame) : frame)
    // One frame may hold several messages, each but the last saying where the next begins.
    for (;;) {
      const start = reader.at
      const header = decodeHeader(reader)
      const length = header.next === 0 ? reader.bytes.length - start : header.next
      if (length < headerBytes) throw new MalformedError(`a message of ${length} bytes`)
      this.#takeMessage(header, reader.slice(start, length), isSealed)
      if (header.next === 0) return
      reader.seek(start + length)
    }
  }

  #takeMessage(header: ResponseHeader, message: Buffer, isSealed: boolean): void {
    // Oplock breaks and the like; we hold nothing that could be broken.
    if (header.messageId === undefined) return
    this.#credits = Math.min(this.#credits + header.credits, mostCredits)
    const isInterim = header.status === ntStatus.pending && (header.flags & headerFlags.async) !== 0
    if (isInterim) return

    const pending = this.#pending.get(header.messageId)
    if (pending === undefined) {
      throw new MalformedError(`an answer to message ${header.messageId}, which nobody awaits`)
    }
    this.#pending.delete(header.messageId)
    this.#checkProtection(header, message, isSealed)
    this.#checkAddressee(header, pending.asked)
    const { asked, request } = pending
    if (!(asked.expected ?? successOnly).includes(header.status)) {
      throw new StatusError(header.status, commandName(asked.command))
    }
    pending.exchange = {
      request,
      response: message,
      header,
      body: new Reader(message, headerBytes),
    }
  }

  #checkProtection(header: ResponseHeader, message: Buffer, isSealed: boolean): void {
    if (isSealed) return
    if (this.#sealer !== undefined) throw new MalformedError('an answer that is not sealed')
    if (this.#signer === undefined || this.#signer.verify(message)) return
    // A server that has lost the session has lost the key to sign with as well.
    if (header.status === ntStatus.userSessionDeleted) return
    const isSigned = (header.flags & headerFlags.signed) !== 0
    throw new MalformedError(isSigned ? 'a wrong signature' : 'an answer that is not signed')
  }

  #checkAddressee(header: ResponseHeader, asked: Request): void {
    if (header.command !== asked.command) {
      throw new MalformedError(
        `an answer to command ${header.command} where one to ${asked.command} is due`,
      )
    }
    const beginsSession = asked.command === command.sessionSetup && this.#sessionId === 0n
    if (header.sessionId !== this.#sessionId && !beginsSession) {
      throw new MalformedError('an answer of another session')
    }
    const beginsTree = asked.command === command.treeConnect
    if (header.treeId !== undefined && header.treeId !== (asked.treeId ?? 0) && !beginsTree) {
      throw new MalformedError('an answer of another tree')
    }
  }
}

const successOnly: readonly number[] = [ntStatus.success]

function commandName(wanted: Command): string {
  const names = Object.entries(command)
  return names.flatMap(([name, value]) => (value === wanted ? [name] : [])).join()
}
