import { MalformedError } from '../wire/malformed-error.ts'

/** No reply that a check asks for comes near this. */
const maxRecordBytes = 256 * 1024
const maxFragments = 1024
const lastFragment = 0x8000_0000

/** What a record is read from. */
export type ByteSource = {
  /** so many bytes if they are there already */
  readNow(byteCount: number): Buffer | undefined
  read(byteCount: number): Promise<Buffer>
}

/** Fills in the mark of a message that goes out as one fragment (RFC 5531 11). */
export function markRecord(message: Buffer): Buffer {
  message.writeUInt32BE(lastFragment + message.length - 4, 0)
  return message
}

/** Waits for one whole record; room is made only for bytes that have come. */
export async function readRecord(source: ByteSource): Promise<Buffer> {
  const fragments: Buffer[] = []
  let total = 0
  while (fragments.length < maxFragments) {
    const mark = (source.readNow(4) ?? (await source.read(4))).readUInt32BE(0)
    const byteCount = mark % lastFragment
    total += byteCount
    if (total > maxRecordBytes) throw new MalformedError(`a record of ${total} bytes or more`)
    const fragment = source.readNow(byteCount) ?? (await source.read(byteCount))
    if (mark >= lastFragment) {
      return fragments.length === 0 ? fragment : Buffer.concat([...fragments, fragment], total)
    }
    fragments.push(fragment)
  }
  throw new MalformedError(`a record of ${maxFragments} fragments or more`)
}
