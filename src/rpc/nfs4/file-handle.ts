import { maxHandleBytes } from './protocol.ts'
import type { Operation } from './operation.ts'

/** PUTROOTFH (RFC 8881 18.21): goes to the root of what the server shows. */
export const putRootFh: Readonly<Operation<void>> = {
  number: 24,
  name: 'PUTROOTFH',
  encode: () => {},
  decode: () => {},
}

/** PUTFH (RFC 8881 18.19): goes to an object by its handle. */
export function putFh(handle: Buffer): Operation<void> {
  return {
    number: 22,
    name: 'PUTFH',
    encode: (writer) => {
      writer.opaque(handle)
    },
    decode: () => {},
  }
}

/** GETFH (RFC 8881 18.8): the handle of where the compound stands. */
export const getFh: Readonly<Operation<Buffer>> = {
  number: 10,
  name: 'GETFH',
  encode: () => {},
  decode: (reader) => reader.opaque(maxHandleBytes),
}

/** LOOKUP (RFC 8881 18.13): goes to a name in the current directory. */
export function lookup(name: string): Operation<void> {
  return {
    number: 15,
    name: 'LOOKUP',
    encode: (writer) => {
      writer.text(name)
    },
    decode: () => {},
  }
}
