import { MalformedError } from '../../wire/malformed-error.ts'
import { Reader } from '../../wire/reader.ts'
import { Writer } from '../../wire/writer.ts'
import { headerBytes } from '../header.ts'

const fileNamesInformation = 12
const fromTheStart = 1

/** Asks for the names in a directory ([MS-SMB2] 2.2.33). */
export function encodeQueryDirectory(fileId: Buffer, mostBytes: number): Buffer {
  const pattern = Buffer.from('*', 'utf16le')
  return new Writer(34)
    .u16le(33)
    .u8(fileNamesInformation)
    .u8(fromTheStart)
    .u32le(0)
    .put(fileId)
    .u16le(headerBytes + 32)
    .u16le(pattern.length)
    .u32le(mostBytes)
    .put(pattern)
    .done()
}

/** Decodes the names ([MS-SMB2] 2.2.34, [MS-FSCC] 2.4.33). */
export function decodeQueryDirectory(body: Reader): string[] {
  if (body.u16le() !== 9) throw new MalformedError('an answer to QUERY_DIRECTORY of another size')
  const offset = body.u16le()
  const length = body.u32le()
  if (length > 0 && offset < body.at)
    throw new MalformedError('names before the end of their header')
  const entries = new Reader(body.slice(offset, length))
  const names: string[] = []
  for (;;) {
    const start = entries.at
    const next = entries.u32le()
    entries.skip(4)
    names.push(entries.take(entries.u32le()).toString('utf16le'))
    if (next === 0) return names
    // Forward only, so that no chain of entries can go round in circles.
    if (start + next < entries.at) throw new MalformedError('directory entries that overlap')
    entries.seek(start + next)
  }
}
