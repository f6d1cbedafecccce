import { digest } from './digest.ts'

/** How much MD5 and SHA-256 take at once. */
const blockBytes = 64

/**
 * HMAC (RFC 2104) over parts one behind the other, with a key of up to 64 bytes. It needs nothing but digests: what
 * Node has for it is more code, and a check that has just been woken up has none of that in the processor's caches.
 */
export function hmac(
  algorithm: 'md5' | 'sha256',
  key: Uint8Array,
  ...parts: readonly Uint8Array[]
): Buffer {
  if (key.length > blockBytes) throw new RangeError('a key longer than a block')
  let byteCount = blockBytes
  for (const part of parts) byteCount += part.length
  const inner = Buffer.allocUnsafe(byteCount).fill(0x36, 0, blockBytes)
  const outer = Buffer.allocUnsafe(blockBytes + (algorithm === 'md5' ? 16 : 32))
  outer.fill(0x5c, 0, blockBytes)
  for (let i = 0; i < key.length; i++) {
    inner[i] = (key[i] ?? 0) ^ 0x36
    outer[i] = (key[i] ?? 0) ^ 0x5c
  }
  let at = blockBytes
  for (const part of parts) {
    inner.set(part, at)
    at += part.length
  }
  outer.set(digest(algorithm, inner), blockBytes)
  const tag = digest(algorithm, outer)
  // Keys are not left lying about in memory that is handed on.
  inner.fill(0, 0, blockBytes)
  outer.fill(0, 0, blockBytes)
  return tag
}
