import type { XdrReader } from '../xdr-reader.ts'
import type { XdrWriter } from '../xdr-writer.ts'

/** One operation of a COMPOUND with its arguments in it, and how its results are read. */
export type Operation<R> = {
  number: number
  name: string
  encode: (writer: XdrWriter) => void
  decode: (reader: XdrReader) => R
}

/** The results of a list of operations, each in its place. */
export type Results<Ops extends readonly Operation<unknown>[]> = {
  -readonly [Index in keyof Ops]: Ops[Index] extends Operation<infer R> ? R : never
}
