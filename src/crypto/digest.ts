import crypto from 'node:crypto'

/** The digests that the protocols here ask for. */
export type DigestAlgorithm = 'md5' | 'sha256' | 'sha512'

/** Makes the digest of parts one behind the other. */
export type Digest = (algorithm: DigestAlgorithm, ...parts: readonly Uint8Array[]) => Buffer

/** The digest of parts one behind the other. */
export const digest: Digest = digestBy(
  // Node has it from 20.12 on.
  'hash' in crypto ? crypto.hash : undefined,
)

/** Makes digests by Node's one call for that, or by an object for each, which takes longer than what it is for. */
export function digestBy(hash: typeof crypto.hash | undefined): Digest {
  return hash === undefined
    ? (algorithm, ...parts) => crypto.createHash(algorithm).update(joined(parts)).digest()
    : // As text, for a buffer of OpenSSL's would come with memory of its own.
      (algorithm, ...parts) => Buffer.from(hash(algorithm, joined(parts), 'binary'), 'latin1')
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  let byteCount = 0
  for (const part of parts) byteCount += part.length
  const bytes = Buffer.allocUnsafe(byteCount)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
