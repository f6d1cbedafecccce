import { MalformedError } from '../wire/malformed-error.ts'
import type { Credentials } from './auth/credentials.ts'
import { encodeNtlmAuthenticate } from './auth/ntlm-authenticate.ts'
import { decodeNtlmChallenge } from './auth/ntlm-challenge.ts'
import { encodeNtlmNegotiate } from './auth/ntlm-negotiate.ts'
import { ntlmSignatureOf } from './auth/ntlm-signature.ts'
import {
  decodeSpnegoResponse,
  encodeSpnegoInit,
  encodeSpnegoResponse,
  mechTypes,
  saysRejected,
} from './auth/spnego.ts'
import type { Caller } from './caller.ts'
import { decodeSessionSetup, encodeSessionSetup, sessionFlags } from './commands/session-setup.ts'
import type { Exchange, SmbConnection } from './connection.ts'
import { dialect } from './dialect.ts'
import { command, headerFlags } from './header.ts'
import { clientSecurityMode, type Negotiated } from './negotiation.ts'
import { ntStatus } from './nt-status.ts'
import {
  deriveSealer,
  deriveSigner,
  extendPreauthHash,
  initialPreauthHash,
  type KeyMaterial,
} from './session-keys.ts'
import { StatusError } from './status-error.ts'

/** A session that is open; only that of a user has keys to sign and to seal with. */
export type Session = {
  kind: 'user' | 'guest' | 'anonymous'
  sessionId: bigint
  keys: KeyMaterial | undefined
}

const ntlmNegotiate = encodeNtlmNegotiate()
const firstStep = encodeSessionSetup(clientSecurityMode, encodeSpnegoInit(ntlmNegotiate))

/** Opens a session with NTLMv2 ([MS-SMB2] 3.2.5.3); a user's answers are signed from its last step on. */
export async function logIn(
  connection: SmbConnection,
  negotiated: Negotiated,
  credentials: Credentials,
  { names, random }: Caller,
): Promise<Session> {
  const first = await connection.ask({
    command: command.sessionSetup,
    body: firstStep,
    expected: [ntStatus.moreProcessingRequired],
  })
  const { sessionId } = first.header
  if (sessionId === 0n) throw new MalformedError('a session without an id')
  connection.enterSession(sessionId)

  const challenge = decodeNtlmChallenge(decodeSpnegoResponse(decodeSessionSetup(first.body).token))
  const { message, key } = encodeNtlmAuthenticate(credentials, ntlmNegotiate, challenge, names, {
    clientChallenge: random.take(8),
    exportedSessionKey: random.take(16),
    now: (BigInt(Date.now()) + unixEpochMs) * 10_000n,
  })
  const mechListMic =
    key === undefined ? undefined : ntlmSignatureOf(mechTypes, key.sessionKey, key.exchanged)
  const second = await connection.ask({
    command: command.sessionSetup,
    body: encodeSessionSetup(clientSecurityMode, encodeSpnegoResponse(message, mechListMic)),
  })
  const { flags, token } = decodeSessionSetup(second.body)
  if (saysRejected(token)) throw new MalformedError('a login that succeeded and was rejected')
  const kind = kindOf(flags, key !== undefined)
  if (key === undefined || (kind !== 'user' && credentials.kind !== 'user')) {
    return { kind, sessionId, keys: undefined }
  }

  const keys = keyMaterial(negotiated, key.sessionKey, first, second)
  const signer = deriveSigner(keys, negotiated.signing)
  const isSigned = (second.header.flags & headerFlags.signed) !== 0
  if ((kind === 'user' || isSigned) && !signer.verify(second.response)) {
    throw new MalformedError('the end of the login is not signed with the key of the session')
  }
  if (kind !== 'user') {
    throw new StatusError(ntStatus.logonFailure, `the user was let in as ${kind} only`)
  }
  connection.startSigning(signer)
  const session = { kind, sessionId, keys }
  if ((flags & sessionFlags.sealed) !== 0) startSealing(connection, negotiated, session)
  return session
}

/** Seals everything from here on, because the session, the share or the operator demands it. */
export function startSealing(
  connection: SmbConnection,
  negotiated: Negotiated,
  session: Session,
): void {
  const { keys, sessionId } = session
  if (keys === undefined || negotiated.cipher === undefined) {
    const lack = keys === undefined ? `${session.kind} session has no key` : 'server has no cipher'
    throw new StatusError(ntStatus.accessDenied, `encryption is demanded, but the ${lack}`)
  }
  connection.startSealing(deriveSealer(keys, negotiated.cipher, sessionId))
}

/** From 1601, where Windows counts from, to 1970. */
const unixEpochMs = 11_644_473_600_000n

function kindOf(flags: number, hasKey: boolean): Session['kind'] {
  if ((flags & sessionFlags.guest) !== 0) return 'guest'
  if ((flags & sessionFlags.anonymous) !== 0 || !hasKey) return 'anonymous'
  return 'user'
}

function keyMaterial(
  negotiated: Negotiated,
  sessionKey: Buffer,
  first: Exchange,
  second: Exchange,
): KeyMaterial {
  let preauthHash: Buffer = initialPreauthHash
  if (negotiated.dialect === dialect.smb311) {
    const login = [first.request, first.response, second.request]
    // All in one go, and only for a session that has keys.
    for (const message of [...negotiated.messages, ...login]) {
      preauthHash = extendPreauthHash(preauthHash, message)
    }
  }
  return { dialect: negotiated.dialect, sessionKey, preauthHash }
}
