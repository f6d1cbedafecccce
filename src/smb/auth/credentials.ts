import { hmac } from '../../crypto/hmac.ts'
import { md4 } from '../../crypto/md4.ts'

const noKey = Buffer.alloc(0)

/**
 * Who logs in. Of a password only the NTLMv2 response key is kept, out of reach of JSON, inspection,
 * enumeration and error texts; it is good for nothing but this user's proofs.
 */
export class Credentials {
  readonly kind: 'anonymous' | 'guest' | 'user'
  readonly user: string
  readonly domain: string
  readonly #responseKey: Buffer

  private constructor(
    kind: 'anonymous' | 'guest' | 'user',
    user: string,
    domain: string,
    key: Buffer,
  ) {
    this.kind = kind
    this.user = user
    this.domain = domain
    this.#responseKey = key
  }

  /** Nobody: a session without a user. */
  static anonymous(): Credentials {
    return new Credentials('anonymous', '', '', noKey)
  }

  /** The guest, who has no password. */
  static guest(): Credentials {
    return new Credentials('guest', 'guest', '', responseKey('guest', '', ''))
  }

  /** A user with a password, of a domain or of the server itself. */
  static user(name: string, password: string, domain = ''): Credentials {
    return new Credentials('user', name, domain, responseKey(name, password, domain))
  }

  /** HMAC-MD5 under the response key: what proves the password, and makes the session's key. */
  prove(...parts: readonly Uint8Array[]): Buffer {
    return hmac('md5', this.#responseKey, ...parts)
  }
}

/** NTOWFv2 ([MS-NLMP] 3.3.2). */
function responseKey(user: string, password: string, domain: string): Buffer {
  const name = Buffer.from(upperCase(user) + domain, 'utf16le')
  return hmac('md5', md4(Buffer.from(password, 'utf16le')), name)
}

/** Upper case as Windows has it: character by character, never making one into several. */
function upperCase(text: string): string {
  return Array.from(text, (character) => {
    const upper = character.toUpperCase()
    return upper.length === character.length ? upper : character
  }).join('')
}
