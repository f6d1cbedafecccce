import type { Field } from './field.ts'

/** A message under construction, which knows what each of its parts may become without harm. */
export class Message {
  readonly fields: Field[] = []
  readonly #parts: Buffer[] = []
  #length = 0

  /** The bytes so far. */
  get bytes(): Buffer {
    return Buffer.concat(this.#parts)
  }

  /** Bytes that matter, unless they are said not to. */
  put(name: string, bytes: Buffer, judge: Field['judge'] = 'bad', why?: string): this {
    const field = { name, at: this.#length, bytes: bytes.length, judge }
    this.fields.push(why === undefined ? field : { ...field, why })
    this.#parts.push(bytes)
    this.#length += bytes.length
    return this
  }

  /** A number of four bytes. */
  word(name: string, value: number, judge: Field['judge'] = 'bad', why?: string): this {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return this.put(name, bytes, judge, why)
  }

  /** Numbers of four bytes each that nobody looks at. */
  freeWords(name: string, count: number, why: string, value = 0): this {
    for (let i = 0; i < count; i++) this.word(`${name} ${i}`, value, 'good', why)
    return this
  }

  /** A boolean, of which both values are as good. */
  freeBool(name: string, value: boolean, why: string): this {
    return this.word(name, value ? 1 : 0, (is) => (is > 1n ? 'bad' : 'good'), why)
  }

  /** A number that has a listing go on or end: any listing that has the form of one is one. */
  listWord(name: string, value: number): this {
    const judge = (is: bigint) => (is > 0xffffn ? 'bad' : 'either')
    return this.word(name, value, judge, 'another listing, and some bytes behind it')
  }

  /** Bytes behind their number, in a listing. */
  listOpaque(name: string, content: Buffer): this {
    const padded = Buffer.alloc(Math.ceil(content.length / 4) * 4)
    content.copy(padded)
    return this.listWord(`${name}: length`, content.length).put(
      name,
      padded,
      'good',
      'names are not known beforehand',
    )
  }

  /** Bytes behind their number, filled up to a multiple of four. */
  opaque(name: string, content: Buffer, judge: 'good' | 'bad', why?: string): this {
    const { length } = content
    const room = Math.ceil(length / 4) * 4
    this.word(
      `${name}: length`,
      length,
      (is) => (judge === 'good' && is <= room ? 'either' : 'bad'),
      'shorter, or longer within its filling, it is another one, and some bytes behind it',
    )
    this.put(name, content, judge, why)
    if (room > length) {
      this.put(`${name}: filling`, Buffer.alloc(room - length), 'good', 'to be ignored')
    }
    return this
  }

  /** What another message has. */
  append(other: Message): this {
    for (const field of other.fields) this.fields.push({ ...field, at: field.at + this.#length })
    this.#parts.push(other.bytes)
    this.#length += other.bytes.length
    return this
  }
}

/** Reads the arguments of a call. */
export class Arguments {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  word(): number {
    this.#at += 4
    return this.#bytes.readUInt32BE(this.#at - 4)
  }

  fixed(byteCount: number): Buffer {
    this.#at += byteCount
    return this.#bytes.subarray(this.#at - byteCount, this.#at)
  }

  opaque(): Buffer {
    const length = this.word()
    const content = this.fixed(length)
    this.#at += (4 - (length % 4)) % 4
    return content
  }

  text(): string {
    return this.opaque().toString()
  }

  words(): void {
    for (let left = this.word(); left > 0; left--) this.word()
  }
}
