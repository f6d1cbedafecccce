import { createHash } from 'node:crypto'

/** The longest identifier, in bytes. */
export const longestIdentifier = 255

/** Longer ones are cut and completed with a digest, so that file and socket names stay short. */
const longestInFull = 48

/** Whether a text can be a monitor's identifier: ASCII letters and digits. */
export function isIdentifier(text: string): boolean {
  return text.length <= longestIdentifier && /^[0-9A-Za-z]+$/.test(text)
}

/**
 * The name under which an identifier's files lie, at most 57 bytes of it. Two identifiers never share
 * one: what was cut contains a hyphen, which no identifier does.
 */
export function fileStem(id: string): string {
  if (!isIdentifier(id)) throw new RangeError('an identifier has 1 to 255 ASCII letters and digits')
  if (id.length <= longestInFull) return id
  return `${id.slice(0, 16)}-${createHash('sha256').update(id).digest('hex').slice(0, 40)}`
}

/** The name of an identifier's control socket. */
export function socketName(id: string): string {
  return `${fileStem(id)}.sock`
}
