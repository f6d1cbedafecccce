import { MalformedError } from '../../wire/malformed-error.ts'
import { Reader } from '../../wire/reader.ts'
import { Writer } from '../../wire/writer.ts'

/** SMB2_0_INFO_FILESYSTEM ([MS-SMB2] 2.2.37). */
const fileSystem = 2
/** FileFsFullSizeInformation ([MS-FSCC] 2.5.4). */
const fullSizeInformation = 7
const fullSizeBytes = 32

/** The size of the file system that a file is on, for who asks. */
export type FullSize = { totalBytes: number; freeBytes: number }

/** Asks how large the file system of an open file is ([MS-SMB2] 2.2.37). */
export function encodeQueryFullSize(fileId: Buffer): Buffer {
  return new Writer(41)
    .u16le(41)
    .u8(fileSystem)
    .u8(fullSizeInformation)
    .u32le(fullSizeBytes)
    .zeros(16)
    .put(fileId)
    .zeros(1) // the buffer may not be empty
    .done()
}

/** Decodes the size; free is what is left for the caller, who may have a quota ([MS-SMB2] 2.2.38). */
export function decodeQueryFullSize(body: Reader): FullSize {
  if (body.u16le() !== 9) throw new MalformedError('an answer to QUERY_INFO of another size')
  const offset = body.u16le()
  const length = body.u32le()
  if (length !== fullSizeBytes) throw new MalformedError(`a file system's size of ${length} bytes`)
  if (offset < body.at) throw new MalformedError('a size before the end of its header')
  const size = new Reader(body.slice(offset, length))
  const total = size.u64le()
  const callerAvailable = size.u64le()
  size.skip(8)
  const unitBytes = BigInt(size.u32le()) * BigInt(size.u32le())
  return { totalBytes: Number(total * unitBytes), freeBytes: Number(callerAvailable * unitBytes) }
}
