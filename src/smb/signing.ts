import { createCipheriv, createHmac, timingSafeEqual } from 'node:crypto'
import { AesCmac } from '../crypto/aes-cmac.ts'
import { headerFlags, signatureOffset } from './header.ts'

/** The signing algorithms by their number on the wire ([MS-SMB2] 2.2.3.1.7). */
export const signingAlgorithm = { hmacSha256: 0, aesCmac: 1, aesGmac: 2 } as const

export type SigningAlgorithm = (typeof signingAlgorithm)[keyof typeof signingAlgorithm]

/** What is offered to a server, the fastest first. */
export const offeredSigning: readonly SigningAlgorithm[] = [2, 1, 0]

const names: Readonly<Record<SigningAlgorithm, string>> = {
  0: 'HMAC-SHA256',
  1: 'AES-128-CMAC',
  2: 'AES-128-GMAC',
}

/** A signing algorithm as people write it. */
export function signingName(algorithm: SigningAlgorithm): string {
  return names[algorithm]
}

/** Whether a number from the wire is one of the algorithms on offer. */
export function isSigningAlgorithm(value: number): value is SigningAlgorithm {
  return Object.hasOwn(names, value)
}

/** Signs messages with a session's key, and checks those of the server ([MS-SMB2] 3.1.4.1). */
export class Signer {
  readonly #tag: (message: Buffer) => Buffer

  constructor(algorithm: SigningAlgorithm, key: Buffer) {
    this.#tag = tagger(algorithm, key)
  }

  /** Marks a request as signed, and signs it in place. */
  sign(message: Buffer): void {
    message.writeUInt32LE(
      (message.readUInt32LE(flagsOffset) | headerFlags.signed) >>> 0,
      flagsOffset,
    )
    message.set(this.#tag(message), signatureOffset)
  }

  /** Whether an answer carries the right signature; one that is not marked as signed never does. */
  verify(message: Buffer): boolean {
    if ((message.readUInt32LE(flagsOffset) & headerFlags.signed) === 0) return false
    const unsigned = Buffer.allocUnsafe(message.length)
    unsigned.set(message)
    unsigned.set(noSignature, signatureOffset)
    const signature = message.subarray(signatureOffset, signatureOffset + 16)
    return timingSafeEqual(this.#tag(unsigned), signature)
  }
}

const flagsOffset = 16
const noSignature = new Uint8Array(16)

function tagger(algorithm: SigningAlgorithm, key: Buffer): (message: Buffer) => Buffer {
  switch (algorithm) {
    case signingAlgorithm.hmacSha256:
      return (message) => createHmac('sha256', key).update(message).digest().subarray(0, 16)
    case signingAlgorithm.aesCmac: {
      const cmac = new AesCmac(key)
      return (message) => cmac.tag(message)
    }
    case signingAlgorithm.aesGmac:
      return (message) => {
        const cipher = createCipheriv('aes-128-gcm', key, gmacNonce(message))
        cipher.setAAD(message).final()
        return cipher.getAuthTag()
      }
  }
}

/** The message's id, and whether a server sent it; we never send the CANCEL that has a bit of its own. */
function gmacNonce(message: Buffer): Buffer {
  const nonce = Buffer.allocUnsafe(12)
  nonce.set(message.subarray(24, 32))
  nonce.writeUInt32LE(message.readUInt32LE(flagsOffset) & headerFlags.response, 8)
  return nonce
}
