import { MalformedError } from '../../wire/malformed-error.ts'
import type { Reader } from '../../wire/reader.ts'
import { Writer } from '../../wire/writer.ts'
import { headerBytes } from '../header.ts'

/** FSCTL_PIPE_TRANSCEIVE ([MS-FSCC] 2.3.50). */
const controlCode = 0x0011c017

/** Writes a message to a pipe and asks for the answer ([MS-SMB2] 2.2.31). */
export function encodePipeTransceive(fileId: Buffer, message: Buffer, mostBytes: number): Buffer {
  return new Writer(56 + message.length)
    .u16le(57)
    .u16le(0)
    .u32le(controlCode)
    .put(fileId)
    .u32le(headerBytes + 56)
    .u32le(message.length)
    .u32le(0)
    .u32le(0)
    .u32le(0)
    .u32le(mostBytes)
    .u32le(1) // a file-system control
    .u32le(0)
    .put(message)
    .done()
}

/** Decodes as much of the answer as there was room for ([MS-SMB2] 2.2.32). */
export function decodePipeTransceive(body: Reader): Buffer {
  if (body.u16le() !== 49) throw new MalformedError('an answer to IOCTL of another size')
  body.skip(2)
  if (body.u32le() !== controlCode) throw new MalformedError('an answer to another IOCTL')
  body.skip(16 + 8)
  const offset = body.u32le()
  const length = body.u32le()
  body.skip(8)
  if (length > 0 && offset < body.at) throw new MalformedError('data before the end of its header')
  return length === 0 ? Buffer.alloc(0) : body.slice(offset, length)
}
