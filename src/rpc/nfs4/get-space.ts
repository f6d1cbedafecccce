import { MalformedError } from '../../wire/malformed-error.ts'
import { XdrReader } from '../xdr-reader.ts'
import { decodeBitmap, encodeBitmap } from './protocol.ts'
import type { Operation } from './operation.ts'

/** space_avail, space_free, space_total (RFC 8881 5.8.2.35 to 37); the first is what is left for who asks. */
const attributes = [42, 43, 44] as const
const maxAttributeBytes = 1024

/** GETATTR of the space of a file system; a server need not know any of it. */
export const getSpace: Readonly<Operation<{ totalBytes?: number; freeBytes?: number }>> = {
  number: 9,
  name: 'GETATTR',
  encode: (writer) => {
    encodeBitmap(writer, attributes)
  },
  decode: (reader) => {
    const words = decodeBitmap(reader)
    const values = new XdrReader(reader.opaque(maxAttributeBytes))
    const given = attributes.filter(
      (attribute) => (((words[1] ?? 0) >>> (attribute - 32)) & 1) === 1,
    )
    const wanted = given.reduce((bits, attribute) => bits + 2 ** (attribute - 32), 0)
    if (words.some((word, index) => word !== (index === 1 ? wanted : 0))) {
      throw new MalformedError('other attributes than were asked for')
    }
    const found = new Map(given.map((attribute) => [attribute, Number(values.u64())] as const))
    const freeBytes = found.get(42) ?? found.get(43)
    const totalBytes = found.get(44)
    return {
      ...(totalBytes !== undefined && { totalBytes }),
      ...(freeBytes !== undefined && { freeBytes }),
    }
  },
}
