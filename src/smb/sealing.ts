import {
  type CipherCCM,
  type CipherCCMTypes,
  type CipherGCM,
  type CipherGCMTypes,
  createCipheriv,
  createDecipheriv,
  type DecipherCCM,
  type DecipherGCM,
} from 'node:crypto'
import { MalformedError } from '../wire/malformed-error.ts'
import { Reader } from '../wire/reader.ts'

/** The ciphers by their number on the wire ([MS-SMB2] 2.2.3.1.2). */
export const sealingCipher = {
  aes128Ccm: 1,
  aes128Gcm: 2,
  aes256Ccm: 3,
  aes256Gcm: 4,
} as const

export type SealingCipher = (typeof sealingCipher)[keyof typeof sealingCipher]

/** What is offered to a server, the fastest first. */
export const offeredCiphers: readonly SealingCipher[] = [2, 1, 4, 3]

type Shape = {
  name: string
  nonceBytes: 11 | 12
  keyBytes: 16 | 32
  cipher: (key: Buffer, nonce: Buffer) => CipherCCM | CipherGCM
  decipher: (key: Buffer, nonce: Buffer) => DecipherCCM | DecipherGCM
}

const tagLength = { authTagLength: 16 } as const

const shapes: Readonly<Record<SealingCipher, Shape>> = {
  1: { name: 'AES-128-CCM', keyBytes: 16, ...ccm('aes-128-ccm') },
  2: { name: 'AES-128-GCM', keyBytes: 16, ...gcm('aes-128-gcm') },
  3: { name: 'AES-256-CCM', keyBytes: 32, ...ccm('aes-256-ccm') },
  4: { name: 'AES-256-GCM', keyBytes: 32, ...gcm('aes-256-gcm') },
}

function ccm(algorithm: CipherCCMTypes): Pick<Shape, 'nonceBytes' | 'cipher' | 'decipher'> {
  return {
    nonceBytes: 11,
    cipher: (key, nonce) => createCipheriv(algorithm, key, nonce, tagLength),
    decipher: (key, nonce) => createDecipheriv(algorithm, key, nonce, tagLength),
  }
}

function gcm(algorithm: CipherGCMTypes): Pick<Shape, 'nonceBytes' | 'cipher' | 'decipher'> {
  return {
    nonceBytes: 12,
    cipher: (key, nonce) => createCipheriv(algorithm, key, nonce, tagLength),
    decipher: (key, nonce) => createDecipheriv(algorithm, key, nonce, tagLength),
  }
}

/** A cipher as people write it. */
export function cipherName(cipher: SealingCipher): string {
  return shapes[cipher].name
}

/** How long a cipher's keys are. */
export function cipherKeyBytes(cipher: SealingCipher): 16 | 32 {
  return shapes[cipher].keyBytes
}

/** Whether a number from the wire is one of the ciphers on offer. */
export function isSealingCipher(value: number): value is SealingCipher {
  return Object.hasOwn(shapes, value)
}

/** 0xFD 'S' 'M' 'B', as a little-endian number: a sealed message follows. */
export const sealedProtocolId = 0x424d53fd

const transformBytes = 52
const authenticatedFrom = 20
const sealedFlag = 1

/** Seals messages for the server and opens those from it ([MS-SMB2] 2.2.41, 3.1.4.3). */
export class Sealer {
  readonly #shape: Shape
  readonly #sendKey: Buffer
  readonly #receiveKey: Buffer
  readonly #sessionId: bigint
  #sent = 0

  constructor(cipher: SealingCipher, sendKey: Buffer, receiveKey: Buffer, sessionId: bigint) {
    this.#shape = shapes[cipher]
    this.#sendKey = sendKey
    this.#receiveKey = receiveKey
    this.#sessionId = sessionId
  }

  /** The message behind a TRANSFORM_HEADER; its nonce is a count, since the keys are the session's own. */
  seal(message: Buffer): Buffer {
    const header = Buffer.allocUnsafe(transformBytes).fill(0)
    header.writeUInt32LE(sealedProtocolId, 0)
    header.writeUInt32LE(this.#sent++, authenticatedFrom)
    header.writeUInt32LE(message.length, 36)
    header.writeUInt16LE(sealedFlag, 42)
    header.writeBigUInt64LE(this.#sessionId, 44)
    const nonce = header.subarray(authenticatedFrom, authenticatedFrom + this.#shape.nonceBytes)
    const cipher = this.#shape.cipher(this.#sendKey, nonce)
    cipher.setAAD(header.subarray(authenticatedFrom), { plaintextLength: message.length })
    const sealed = cipher.update(message)
    cipher.final()
    header.set(cipher.getAuthTag(), 4)
    return Buffer.concat([header, sealed])
  }

  /** The message within a sealed one, or a refusal of one that is not genuine. */
  open(sealed: Buffer): Buffer {
    const reader = new Reader(sealed)
    if (reader.u32le() !== sealedProtocolId) throw new MalformedError('not a sealed message')
    const tag = reader.take(16)
    const nonce = reader.take(16)
    const plainBytes = reader.u32le()
    reader.skip(2)
    const flags = reader.u16le()
    const sessionId = reader.u64le()
    const ciphertext = reader.rest()
    if (flags !== sealedFlag || plainBytes !== ciphertext.length) {
      throw new MalformedError('an impossible header of a sealed message')
    }
    if (sessionId !== this.#sessionId)
      throw new MalformedError('a sealed message of another session')
    const { nonceBytes, decipher: decipherFor } = this.#shape
    const decipher = decipherFor(this.#receiveKey, nonce.subarray(0, nonceBytes))
    decipher.setAuthTag(tag)
    decipher.setAAD(sealed.subarray(authenticatedFrom, transformBytes), {
      plaintextLength: ciphertext.length,
    })
    try {
      const plain = decipher.update(ciphertext)
      decipher.final()
      return plain
    } catch (cause) {
      throw new MalformedError('a sealed message that is not genuine', { cause })
    }
  }
}
