import { MalformedError } from '../wire/malformed-error.ts'
import { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import { decodeBindAck, decodeBindNak, encodeBind } from './bind.ts'
import { DcerpcError } from './dcerpc-error.ts'
import {
  decodeFragment,
  encodeFragment,
  type Fragment,
  fragmentBytes,
  pduType,
} from './fragment.ts'
import type { Syntax } from './interface.ts'

/** A pipe to a service: what is written to it is answered, and more of an answer can be read. */
export type Pipe = {
  transact: (message: Buffer) => Promise<Buffer>
  read: () => Promise<Buffer>
}

/** Far more than tens of thousands of shares take. */
const mostAnswerBytes = 4 * 1024 * 1024
/** An answer of that size in fragments of what is usual comes to a quarter of this. */
const mostFragments = 4096

/** Calls to one interface over one pipe, one at a time. */
export class Conversation {
  readonly #pipe: Pipe
  #callId = 0
  #unread: Buffer = Buffer.alloc(0)

  private constructor(pipe: Pipe) {
    this.#pipe = pipe
  }

  /** Asks for an interface; throws a DcerpcError where the service has it not. */
  static async open(pipe: Pipe, wanted: Syntax): Promise<Conversation> {
    const conversation = new Conversation(pipe)
    const { type, isLast, body } = await conversation.#ask(pduType.bind, encodeBind(wanted))
    if (type === pduType.bindNak) throw decodeBindNak(body)
    if (type !== pduType.bindAck || !isLast) throw new MalformedError(`a bind answered by ${type}`)
    decodeBindAck(body)
    return conversation
  }

  /** Calls an operation; gives what it answers, out of all its fragments. */
  async call(operation: number, input: Uint8Array): Promise<Buffer> {
    const request = new Writer(8 + input.length)
      .u32le(input.length)
      .u16le(0)
      .u16le(operation)
      .put(input)
      .done()
    const parts: Buffer[] = []
    let total = 0
    let fragment = await this.#ask(pduType.request, request)
    for (let count = 1; ; count++) {
      if (fragment.isFirst !== (count === 1)) throw new MalformedError('fragments out of order')
      const part = outputOf(fragment)
      total += part.length
      if (total > mostAnswerBytes || count > mostFragments) {
        throw new MalformedError(`an answer of ${total} bytes in ${count} fragments, or more`)
      }
      parts.push(part)
      if (fragment.isLast) return Buffer.concat(parts, total)
      fragment = await this.#next()
    }
  }

  async #ask(type: number, body: Uint8Array): Promise<Fragment> {
    if (this.#unread.length > 0) throw new MalformedError('an answer that nobody awaits')
    this.#callId++
    this.#unread = await this.#pipe.transact(encodeFragment(type, this.#callId, body))
    return this.#next()
  }

  /** The next fragment, in however many pieces it comes. */
  async #next(): Promise<Fragment> {
    for (;;) {
      const length = fragmentBytes(this.#unread)
      if (length !== undefined && this.#unread.length >= length) {
        const bytes = this.#unread.subarray(0, length)
        this.#unread = this.#unread.subarray(length)
        return decodeFragment(bytes, this.#callId)
      }
      const more = await this.#pipe.read()
      if (more.length === 0) throw new MalformedError('a fragment that ends too early')
      this.#unread = Buffer.concat([this.#unread, more])
    }
  }
}

/** What a fragment of an answer carries (C706 12.6.4.10); throws a DcerpcError for a fault (12.6.4.7). */
function outputOf({ type, body }: Fragment): Buffer {
  const reader = new Reader(body)
  reader.skip(8) // what it may come to in all, which interface, how many calls were called off
  if (type === pduType.fault) throw new DcerpcError('call', reader.u32le())
  if (type !== pduType.response) throw new MalformedError(`a call answered by ${type}`)
  return reader.rest()
}
