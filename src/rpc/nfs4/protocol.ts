import type { Program } from '../procedure.ts'
import type { XdrReader } from '../xdr-reader.ts'
import type { XdrWriter } from '../xdr-writer.ts'

/** NFS version 4, whatever the minor version (RFC 7530, RFC 8881, RFC 7862). */
export const nfs4Program: Readonly<Program> = { number: 100_003, version: 4 }

/** The minor versions that are spoken here. */
export type Minor = 0 | 1 | 2

/** NFS4_FHSIZE (RFC 8881 3.1). */
export const maxHandleBytes = 128

const maxWords = 16
const maxAttributeBytes = 64 * 1024

/** Writes a bitmap of attribute numbers (RFC 8881 3.3.7). */
export function encodeBitmap(writer: XdrWriter, attributes: readonly number[]): void {
  const words: number[] = []
  for (const attribute of attributes) {
    const index = Math.floor(attribute / 32)
    while (words.length <= index) words.push(0)
    words[index] = ((words[index] ?? 0) | (1 << (attribute % 32))) >>> 0
  }
  writer.u32(words.length)
  for (const word of words) writer.u32(word)
}

/** Reads a bitmap. */
export function decodeBitmap(reader: XdrReader): number[] {
  return Array.from({ length: reader.count(maxWords) }, () => reader.u32())
}

/** Passes over a fattr4: which attributes follow, and their values. */
export function skipAttributes(reader: XdrReader): void {
  decodeBitmap(reader)
  reader.opaque(maxAttributeBytes)
}
