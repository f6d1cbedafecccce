import { MalformedError } from '../../wire/malformed-error.ts'
import { XdrReader } from '../xdr-reader.ts'
import { decodeBitmap, encodeBitmap } from './protocol.ts'
import type { Operation } from './operation.ts'

const typeAttribute = 1
const maxAttributeBytes = 1024
/** NF4NAMEDATTR; the types begin with 1 (RFC 8881 3.2, nfs_ftype4). */
const lastType = 9

/** GETATTR (RFC 8881 18.7): the type of the object (nfs_ftype4), which every living one has. */
export const getattr: Readonly<Operation<number>> = {
  number: 9,
  name: 'GETATTR',
  encode: (writer) => {
    encodeBitmap(writer, [typeAttribute])
  },
  decode: (reader) => {
    const [first = 0, ...others] = decodeBitmap(reader)
    const values = new XdrReader(reader.opaque(maxAttributeBytes))
    if (first !== 1 << typeAttribute || others.some((word) => word !== 0)) {
      throw new MalformedError('other attributes than were asked for')
    }
    const type = values.u32()
    if (type < 1 || type > lastType) throw new MalformedError(`file type ${type}`)
    return type
  },
}
