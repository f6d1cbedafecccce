import type { Operation } from './operation.ts'

/** REMOVE (RFC 8881 18.25): takes a name out of the current directory. */
export function remove(name: string): Operation<void> {
  return {
    number: 28,
    name: 'REMOVE',
    encode: (writer) => {
      writer.text(name)
    },
    decode: (reader) => {
      reader.skip(20)
    },
  }
}
