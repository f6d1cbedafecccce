/** Bytes from the wire that break the protocol's own rules: too short, impossible length, wrong message. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError'
  readonly code = 'MALFORMED'
}
