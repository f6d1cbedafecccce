import type { XdrReader } from './xdr-reader.ts'
import type { XdrWriter } from './xdr-writer.ts'

/** A program of the server in one version. */
export type Program = { number: number; version: number }

/** A remote procedure: its number, how its arguments are written and its results read. */
export type Procedure<A, R> = {
  number: number
  encode: (writer: XdrWriter, args: A) => void
  decode: (reader: XdrReader) => R
}
