import crypto from 'node:crypto'

/** The digests that the protocols here ask for. */
export type DigestAlgorithm = 'md5' | 'sha256' | 'sha512'

/** The digest of bytes, all of them at once. */
export const digest: (algorithm: DigestAlgorithm, bytes: Uint8Array) => Buffer = digestBy(
  // Node has it from 20.12 on.
  'hash' in crypto ? crypto.hash : undefined,
)

/** Makes digests by Node's one call for that, or by an object for each, which takes a check longer than the digest. */
export function digestBy(
  hash: typeof crypto.hash | undefined,
): (algorithm: DigestAlgorithm, bytes: Uint8Array) => Buffer {
  return hash === undefined
    ? (algorithm, bytes) => crypto.createHash(algorithm).update(bytes).digest()
    : // As text, for a buffer of OpenSSL's would come with memory of its own.
      (algorithm, bytes) => Buffer.from(hash(algorithm, bytes, 'binary'), 'latin1')
}
