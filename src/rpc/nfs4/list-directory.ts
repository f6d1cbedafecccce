import { MalformedError } from '../../wire/malformed-error.ts'
import { XdrReader } from '../xdr-reader.ts'
import type { Operation } from './operation.ts'
import { decodeBitmap, encodeBitmap, maxHandleBytes } from './protocol.ts'

/** NF4DIR (RFC 8881 3.2, nfs_ftype4). */
export const directoryType = 2

/** What a server tells of an object: none of it where it only tells why not. */
export type ListedAttributes = {
  type?: number
  /** names the file system that it lies on */
  fsid?: string
  handle?: Buffer
  /** the status for which nothing else is told */
  error?: number
}

/** Part of a directory, and where it goes on. */
export type DirectoryPage = {
  verifier: Buffer
  entries: { cookie: bigint; name: string; attributes: ListedAttributes }[]
  isEnd: boolean
}

/** Where a listing begins, or goes on. */
export type Position = { cookie: bigint; verifier: Buffer }

/** The beginning of a directory. */
export const fromTheStart: Readonly<Position> = { cookie: 0n, verifier: Buffer.alloc(8) }

const typeAttribute = 1
const fsidAttribute = 8
const errorAttribute = 11
const handleAttribute = 19
const wanted: readonly number[] = [typeAttribute, fsidAttribute, errorAttribute, handleAttribute]
const maxAttributeBytes = 1024
const nameBytes = 8 * 1024
const maxBytes = 32 * 1024
const maxEntries = 4096
const maxNameBytes = 1024

/** READDIR (RFC 8881 18.23) with what tells one file system from another. */
export function listDirectory({ cookie, verifier }: Position): Operation<DirectoryPage> {
  return {
    number: 26,
    name: 'READDIR',
    encode: (writer) => {
      writer.u64(cookie).fixed(verifier).u32(nameBytes).u32(maxBytes)
      encodeBitmap(writer, wanted)
    },
    decode: (reader) => {
      const next = reader.fixed(8)
      const entries: DirectoryPage['entries'] = []
      while (reader.bool()) {
        if (entries.length === maxEntries) throw new MalformedError(`more than ${maxEntries} names`)
        entries.push({
          cookie: reader.u64(),
          name: reader.text(maxNameBytes),
          attributes: decodeAttributes(reader),
        })
      }
      return { verifier: next, entries, isEnd: reader.bool() }
    },
  }
}

/** GETATTR (RFC 8881 18.7) of the same attributes. */
export const lookAt: Readonly<Operation<ListedAttributes>> = {
  number: 9,
  name: 'GETATTR',
  encode: (writer) => {
    encodeBitmap(writer, [typeAttribute, fsidAttribute, handleAttribute])
  },
  decode: decodeAttributes,
}

/** A fattr4 of the attributes that were asked for, or of fewer, in the order of their numbers. */
function decodeAttributes(reader: XdrReader): ListedAttributes {
  const words = decodeBitmap(reader)
  const values = new XdrReader(reader.opaque(maxAttributeBytes))
  const found: ListedAttributes = {}
  for (const [index, word] of words.entries()) {
    for (let bit = 0; bit < 32; bit++) {
      if (((word >>> bit) & 1) === 1) decodeAttribute(index * 32 + bit, values, found)
    }
  }
  values.expectEnd()
  return found
}

function decodeAttribute(attribute: number, values: XdrReader, found: ListedAttributes): void {
  switch (attribute) {
    case typeAttribute:
      found.type = values.u32()
      break
    case fsidAttribute:
      found.fsid = `${values.u64()}.${values.u64()}`
      break
    case errorAttribute: {
      // Some servers say of every entry that there was no error.
      const status = values.u32()
      if (status !== 0) found.error = status
      break
    }
    case handleAttribute:
      found.handle = values.opaque(maxHandleBytes)
      break
    default:
      throw new MalformedError(`attribute ${attribute}, which was not asked for`)
  }
}
