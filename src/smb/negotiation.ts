import type { Caller } from './caller.ts'
import { decodeNegotiate, encodeNegotiate } from './commands/negotiate.ts'
import { decodeValidateNegotiate, encodeValidateNegotiate } from './commands/validate-negotiate.ts'
import type { NegotiatedInfo } from './commands/validate-negotiate.ts'
import type { SmbConnection } from './connection.ts'
import { type Dialect, dialect, offeredDialects } from './dialect.ts'
import { command } from './header.ts'
import { MalformedError } from '../wire/malformed-error.ts'
import { decodeChosenContexts, offeredContexts } from './negotiate-context.ts'
import { ntStatus } from './nt-status.ts'
import { type SealingCipher, sealingCipher } from './sealing.ts'
import { type SigningAlgorithm, signingAlgorithm } from './signing.ts'

/** Signing enabled and required ([MS-SMB2] 2.2.3); a session without a key is free of it all the same. */
export const clientSecurityMode = 3

/** The capability that stands for encryption in 3.0 and 3.0.2, and tells a server of ours. */
const encryptionCapability = 0x40

/** What client and server have settled on. */
export type Negotiated = {
  dialect: Dialect
  signing: SigningAlgorithm
  /** undefined where the server does not encrypt */
  cipher: SealingCipher | undefined
  /** the two messages so far, whose hash a session's keys are made of from 3.1.1 on */
  messages: readonly [request: Buffer, response: Buffer]
  said: NegotiatedInfo
  answered: NegotiatedInfo
}

const guidOffset = 12
const saltBytes = 32

/** Our part of every negotiation with one server. */
export class Offer {
  readonly #body: Buffer
  readonly #saltOffset: number
  readonly #caller: Caller

  constructor(caller: Caller) {
    this.#caller = caller
    const salt = caller.random.take(saltBytes)
    this.#body = encodeNegotiate({
      dialects: offeredDialects,
      securityMode: clientSecurityMode,
      capabilities: encryptionCapability,
      clientGuid: Buffer.alloc(16),
      contexts: offeredContexts(salt, caller.serverName),
    })
    this.#saltOffset = this.#body.indexOf(salt)
  }

  /** Settles how to talk ([MS-SMB2] 3.2.5.2). */
  async negotiate(connection: SmbConnection): Promise<Negotiated> {
    const body = Buffer.from(this.#body)
    body.set(this.#caller.random.take(saltBytes), this.#saltOffset)
    // A new client every time: connections of one client may be handed to the process that serves its
    // others (multi-channel), and a check is to see what a newcomer sees.
    body.set(this.#caller.random.take(16), guidOffset)
    const exchange = await connection.ask({ command: command.negotiate, body })
    const response = decodeNegotiate(exchange.body)
    const chosen =
      response.dialect === dialect.smb311 ? decodeChosenContexts(response.contexts) : undefined
    connection.speak(response.dialect)
    return {
      dialect: response.dialect,
      signing: chosen?.signing ?? impliedSigning(response.dialect),
      cipher: chosen === undefined ? impliedCipher(response) : chosen.cipher,
      messages: [exchange.request, exchange.response],
      said: {
        capabilities: encryptionCapability,
        guid: body.subarray(guidOffset, guidOffset + 16),
        securityMode: clientSecurityMode,
      },
      answered: {
        capabilities: response.capabilities,
        guid: response.serverGuid,
        securityMode: response.securityMode,
      },
    }
  }
}

/**
 * Has the server repeat its answer to NEGOTIATE under a signature, against a downgrade on the way
 * ([MS-SMB2] 3.2.5.5); 3.1.1 has its hash for that. Servers too old to know of it say so, signed.
 */
export async function validateNegotiation(
  connection: SmbConnection,
  negotiated: Negotiated,
  treeId: number,
): Promise<void> {
  const { header, body } = await connection.ask({
    command: command.ioctl,
    body: encodeValidateNegotiate(negotiated.said, offeredDialects),
    treeId,
    expected: [ntStatus.success, ...unknownToServer],
  })
  if (header.status !== ntStatus.success) return
  const { answered } = negotiated
  const repeated = decodeValidateNegotiate(body)
  if (
    repeated.dialect !== negotiated.dialect ||
    repeated.capabilities !== answered.capabilities ||
    repeated.securityMode !== answered.securityMode ||
    !repeated.guid.equals(answered.guid)
  ) {
    throw new MalformedError('the negotiation was tampered with')
  }
}

const unknownToServer: readonly number[] = [
  ntStatus.fileClosed,
  ntStatus.invalidDeviceRequest,
  ntStatus.notSupported,
]

function impliedSigning(settled: Dialect): SigningAlgorithm {
  return settled < dialect.smb300 ? signingAlgorithm.hmacSha256 : signingAlgorithm.aesCmac
}

function impliedCipher(response: {
  dialect: Dialect
  capabilities: number
}): SealingCipher | undefined {
  const encrypts =
    response.dialect >= dialect.smb300 && (response.capabilities & encryptionCapability) !== 0
  return encrypts ? sealingCipher.aes128Ccm : undefined
}
