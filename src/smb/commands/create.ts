import { MalformedError } from '../../wire/malformed-error.ts'
import type { Reader } from '../../wire/reader.ts'
import { Writer } from '../../wire/writer.ts'
import { headerBytes } from '../header.ts'

/** What is to be opened or made, and what for ([MS-SMB2] 2.2.13). */
export type CreateRequest = {
  /** below the share, with backslashes; empty for the share's root */
  name: string
  access: number
  attributes: number
  shareAccess: number
  disposition: number
  options: number
}

/** Rights to a file or directory ([MS-SMB2] 2.2.13.1). */
export const access = {
  readData: 0x00000001,
  writeData: 0x00000002,
  readAttributes: 0x00000080,
  delete: 0x00010000,
} as const

/** What to do when the file exists or does not ([MS-SMB2] 2.2.13). */
export const disposition = { open: 1, create: 2 } as const

/** How to open ([MS-SMB2] 2.2.13). */
export const createOptions = {
  directory: 0x00000001,
  nonDirectory: 0x00000040,
  deleteOnClose: 0x00001000,
} as const

/** Others may go on reading, writing and deleting. */
export const shareWithAll = 7

const impersonate = 2

/** Opens or makes a file; no oplock and no lease, so that there is nothing to break. */
export function encodeCreate(request: CreateRequest): Buffer {
  const name = Buffer.from(request.name, 'utf16le')
  return (
    new Writer(64 + name.length)
      .u16le(57)
      .zeros(2)
      .u32le(impersonate)
      .zeros(16)
      .u32le(request.access)
      .u32le(request.attributes)
      .u32le(request.shareAccess)
      .u32le(request.disposition)
      .u32le(request.options)
      .u16le(headerBytes + 56)
      .u16le(name.length)
      .zeros(8)
      .put(name)
      // The buffer may not be empty, even where there is no name.
      .zeros(name.length === 0 ? 1 : 0)
      .done()
  )
}

/** Decodes the id of the open file ([MS-SMB2] 2.2.14). */
export function decodeCreate(body: Reader): Buffer {
  if (body.u16le() !== 89) throw new MalformedError('an answer to CREATE of another size')
  body.skip(62)
  const fileId = body.take(16)
  body.skip(8) // no contexts were asked for
  return fileId
}
