import { hmac } from './hmac.ts'

/**
 * The key derivation of NIST SP 800-108 in counter mode over HMAC-SHA256, with a 32-bit counter and
 * length, for keys of up to 32 bytes (one round); label and context carry their own terminating zeros.
 */
export function counterKdf(
  key: Uint8Array,
  label: Uint8Array,
  context: Uint8Array,
  byteCount: 16 | 32,
): Buffer {
  const input = Buffer.allocUnsafe(4 + label.length + 1 + context.length + 4).fill(0)
  input.writeUInt32BE(1, 0)
  input.set(label, 4)
  input.set(context, 4 + label.length + 1)
  input.writeUInt32BE(byteCount * 8, input.length - 4)
  return hmac('sha256', key, input).subarray(0, byteCount)
}
