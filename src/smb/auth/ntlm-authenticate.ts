import { hmac } from '../../crypto/hmac.ts'
import { rc4 } from '../../crypto/rc4.ts'
import { Writer } from '../../wire/writer.ts'
import type { Credentials } from './credentials.ts'
import type { NtlmChallenge } from './ntlm-challenge.ts'
import { ntlmFlags } from './ntlm-flags.ts'
import { ntlmSignature, ntlmVersion, offeredNtlmFlags } from './ntlm-negotiate.ts'
import { ntlmV2Response } from './ntlmv2-response.ts'
import { type AvPair, avId, encodeTargetInfo } from './target-info.ts'

/** What is new in every login. */
export type NtlmFreshness = {
  /** eight random bytes */
  clientChallenge: Buffer
  /** sixteen random bytes, which become the session's key */
  exportedSessionKey: Buffer
  /** 100 ns since 1601 */
  now: bigint
}

/** Who we say we are, and whom we mean to talk to. */
export type NtlmNames = { workstation: string; servicePrincipal: string }

/** The last message of a login, and the key it settles; an anonymous one settles none. */
export type NtlmAuthenticate = {
  message: Buffer
  key: { sessionKey: Buffer; exchanged: boolean } | undefined
}

const payloadOffset = 88
const micOffset = 72
const micPresent = 2
const nothing = Buffer.alloc(0)

/** AUTHENTICATE_MESSAGE ([MS-NLMP] 2.2.1.3) with the integrity code over all three messages. */
export function encodeNtlmAuthenticate(
  credentials: Credentials,
  negotiate: Buffer,
  challenge: NtlmChallenge,
  names: NtlmNames,
  fresh: NtlmFreshness,
): NtlmAuthenticate {
  const flags = (offeredNtlmFlags & challenge.flags) >>> 0
  if (credentials.kind === 'anonymous') {
    const anonymousFlags = (flags | ntlmFlags.anonymous) & ~ntlmFlags.keyExchange
    const message = encode(
      anonymousFlags >>> 0,
      Buffer.alloc(1),
      nothing,
      credentials,
      names,
      nothing,
    )
    return { message, key: undefined }
  }

  const stamp = valueOf(challenge.targetInfo, avId.timestamp, 8)
  const { nt, lm, sessionBaseKey } = ntlmV2Response(credentials, {
    serverChallenge: challenge.serverChallenge,
    clientChallenge: fresh.clientChallenge,
    time: stamp ?? fileTime(fresh.now),
    targetInfo: encodeTargetInfo(ourTargetInfo(challenge.targetInfo, names.servicePrincipal)),
  })
  // Where the server told its time, the LM response is to be left empty ([MS-NLMP] 3.1.5.1.2).
  const lmResponse = stamp === undefined ? lm() : Buffer.alloc(24)
  const exchanged = (flags & ntlmFlags.keyExchange) !== 0
  const sessionKey = exchanged ? fresh.exportedSessionKey : sessionBaseKey
  const encryptedKey = exchanged ? rc4(sessionBaseKey, sessionKey) : nothing
  const message = encode(flags, lmResponse, nt, credentials, names, encryptedKey)
  message.set(ntlmMic(sessionKey, negotiate, challenge.message, message), micOffset)
  return { message, key: { sessionKey, exchanged } }
}

/** The integrity code over the three messages, the last one's own code being zero ([MS-NLMP] 3.1.5.1.2). */
export function ntlmMic(sessionKey: Buffer, ...messages: readonly Buffer[]): Buffer {
  return hmac('md5', sessionKey, ...messages)
}

function ourTargetInfo(theirs: readonly AvPair[], servicePrincipal: string): AvPair[] {
  const flags = valueOf(theirs, avId.flags, 4)?.readUInt32LE() ?? 0
  const ourFlags = Buffer.allocUnsafe(4)
  ourFlags.writeUInt32LE((flags | micPresent) >>> 0)
  const ours: AvPair[] = []
  for (const pair of theirs) {
    const { id } = pair
    if (id !== avId.flags && id !== avId.channelBindings && id !== avId.targetName) ours.push(pair)
  }
  ours.push(
    { id: avId.flags, value: ourFlags },
    { id: avId.channelBindings, value: noChannelBindings },
    { id: avId.targetName, value: Buffer.from(servicePrincipal, 'utf16le') },
  )
  return ours
}

function valueOf(pairs: readonly AvPair[], id: number, byteCount: number): Buffer | undefined {
  for (const pair of pairs) if (pair.id === id && pair.value.length === byteCount) return pair.value
  return undefined
}

const noChannelBindings = Buffer.alloc(16)

function encode(
  flags: number,
  lm: Buffer,
  nt: Buffer,
  { domain, user }: Credentials,
  { workstation }: NtlmNames,
  encryptedKey: Buffer,
): Buffer {
  const names = Buffer.from(domain + user + workstation, 'utf16le')
  // The names stand first, where their two-byte characters are aligned as readers expect them.
  const domainAt = payloadOffset
  const userAt = domainAt + domain.length * 2
  const workstationAt = userAt + user.length * 2
  const lmAt = payloadOffset + names.length
  const ntAt = lmAt + lm.length
  const keyAt = ntAt + nt.length
  const writer = new Writer(keyAt + encryptedKey.length).put(ntlmSignature).u32le(3)
  field(writer, lmAt, lm.length)
  field(writer, ntAt, nt.length)
  field(writer, domainAt, domain.length * 2)
  field(writer, userAt, user.length * 2)
  field(writer, workstationAt, workstation.length * 2)
  field(writer, keyAt, encryptedKey.length)
  writer.u32le(flags).put(ntlmVersion).zeros(16)
  return writer.put(names).put(lm).put(nt).put(encryptedKey).done()
}

function field(writer: Writer, offset: number, length: number): void {
  writer.u16le(length).u16le(length).u32le(offset)
}

function fileTime(now: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeBigUInt64LE(now)
  return bytes
}
