import { digest } from '../../crypto/digest.ts'
import { hmac } from '../../crypto/hmac.ts'
import { rc4 } from '../../crypto/rc4.ts'

const signingMagic = Buffer.from(
  'session key to client-to-server signing key magic constant\0',
  'latin1',
)
const sealingMagic = Buffer.from(
  'session key to client-to-server sealing key magic constant\0',
  'latin1',
)
const version = Buffer.from([1, 0, 0, 0])
const firstInSequence = Buffer.alloc(4)

/** The client's signature of its first message within a login ([MS-NLMP] 3.4.4.2), with 128-bit keys. */
export function ntlmSignatureOf(message: Buffer, sessionKey: Buffer, exchanges: boolean): Buffer {
  const key = derived(sessionKey, signingMagic)
  const checksum = hmac('md5', key, firstInSequence, message).subarray(0, 8)
  const sealed = exchanges ? rc4(derived(sessionKey, sealingMagic), checksum) : checksum
  return Buffer.concat([version, sealed, firstInSequence])
}

function derived(sessionKey: Buffer, magic: Buffer): Buffer {
  return digest('md5', sessionKey, magic)
}
