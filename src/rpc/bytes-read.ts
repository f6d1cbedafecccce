import { MalformedError } from '../wire/malformed-error.ts'

/**
 * What a READ that asked for so many bytes has brought. More than that was not asked for, and nothing
 * before the file's end is no answer: whoever reads on would do so for ever, and Linux gives its users
 * an I/O error for it.
 */
export function bytesRead(data: Buffer, isEnd: boolean, maxBytes: number): Buffer {
  if (data.length > maxBytes) {
    throw new MalformedError(`${data.length} bytes read, of ${maxBytes}`)
  }
  if (data.length === 0 && !isEnd) {
    throw new MalformedError('nothing read, and not at the end of the file')
  }
  return data
}
