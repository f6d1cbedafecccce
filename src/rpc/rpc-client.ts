import { MalformedError } from '../wire/malformed-error.ts'
import { encodeCall } from './call.ts'
import type { Credential } from './credential.ts'
import type { Procedure, Program } from './procedure.ts'
import { openResults, replyTo } from './reply.ts'
import type { XdrReader } from './xdr-reader.ts'

/** So many messages that are no reply to a call under way are passed over before it is refused. */
const maxStrays = 64

/** The way to one port of a server; messages have four bytes of room in front. */
export type RpcTransport = {
  readonly protocol: 'tcp' | 'udp'
  readonly localPort: number
  /** Sends a call and hands every message that comes in to `take`, until that gives a result. */
  exchange<T>(message: Buffer, take: (bytes: Buffer) => T | undefined): Promise<T>
  /** Sends the calls that `begin` makes in one go, where the way can carry more than one at a time: over TCP. */
  together<T>(begin: () => T): T
  /** What to send off, if anything, in the moment in which the signal ends everything; nobody waits for an answer. */
  leaveOnAbort(prepare: (() => readonly Buffer[]) | undefined): void
  /** `abrupt` frees the port for certain, and a server may note that in its log. */
  close(manner: 'orderly' | 'abrupt'): void
}

/** Calls procedures over one transport; over TCP several at a time, and their replies may come in any order. */
export class RpcClient {
  readonly #transport: RpcTransport
  #xid: number
  #answered = 0

  /** The first xid should be random, so that a reply to a forerunner on the same port is no match. */
  constructor(transport: RpcTransport, firstXid: number) {
    this.#transport = transport
    this.#xid = firstXid
  }

  get localPort(): number {
    return this.#transport.localPort
  }

  /** Calls a procedure and waits for its results. */
  async call<A, R>(
    program: Program,
    procedure: Procedure<A, R>,
    credential: Credential,
    args: A,
  ): Promise<R> {
    const xid = this.#nextXid()
    const message = encodeCall(xid, credential, program, procedure, args)
    let strays = 0
    let answered = this.#answered
    const reader = await this.#transport.exchange<XdrReader>(message, (bytes) => {
      const reply = replyTo(xid, bytes)
      if (reply !== undefined) {
        this.#answered++
        return reply
      }
      // Another call that was answered meanwhile begins the count anew, as if this one had been made after it.
      if (answered !== this.#answered) strays = 0
      answered = this.#answered
      if (++strays > maxStrays) {
        throw new MalformedError(`${strays} messages that answer no call`)
      }
      return undefined
    })
    openResults(reader)
    return procedure.decode(reader)
  }

  /** Sends the calls that `begin` makes in one go; for TCP alone. */
  together<T>(begin: () => T): T {
    return this.#transport.together(begin)
  }

  /** A call for `leaveOnAbort`. */
  prepare<A>(
    program: Program,
    procedure: Procedure<A, unknown>,
    credential: Credential,
    args: A,
  ): Buffer {
    return encodeCall(this.#nextXid(), credential, program, procedure, args)
  }

  /** Says what calls, if any, to send off in the moment in which the signal ends everything; they are prepared then. */
  leaveOnAbort(prepare: (() => readonly Buffer[]) | undefined): void {
    this.#transport.leaveOnAbort(prepare)
  }

  /** Ends the transport, after the last answer. */
  close(manner: 'orderly' | 'abrupt'): void {
    this.#transport.close(manner)
  }

  #nextXid(): number {
    const xid = this.#xid
    this.#xid = (xid + 1) >>> 0
    return xid
  }
}
