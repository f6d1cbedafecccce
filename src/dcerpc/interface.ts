/** An interface of a server, or a way of writing data: sixteen bytes of UUID as they go over the wire, and a version. */
export type Syntax = { uuid: Buffer; major: number; minor: number }

/** The bytes of a UUID: the first three groups are little-endian numbers (C706, appendix A). */
export function uuidBytes(text: string): Buffer {
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex')
  bytes.subarray(0, 4).reverse()
  bytes.subarray(4, 6).reverse()
  bytes.subarray(6, 8).reverse()
  return bytes
}

/** NDR, version 2 (C706, chapter 14). */
export const ndr: Readonly<Syntax> = {
  uuid: uuidBytes('8a885d04-1ceb-11c9-9fe8-08002b104860'),
  major: 2,
  minor: 0,
}
