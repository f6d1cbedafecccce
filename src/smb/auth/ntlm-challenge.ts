import { MalformedError } from '../../wire/malformed-error.ts'
import { Reader } from '../../wire/reader.ts'
import { ntlmFlags } from './ntlm-flags.ts'
import { ntlmSignature } from './ntlm-negotiate.ts'
import { type AvPair, decodeTargetInfo } from './target-info.ts'

/** What the server challenges us with. */
export type NtlmChallenge = {
  /** the message as it came, for the integrity code over all three */
  message: Buffer
  flags: number
  serverChallenge: Buffer
  targetInfo: AvPair[]
}

/** Every server of this century has these, and we offer them; without, keys would be weak. */
const indispensable = ntlmFlags.unicode | ntlmFlags.extendedSessionSecurity | ntlmFlags.key128

/** Room for every name a server can have, many times over; ours goes back in fields of 16 bits. */
const mostTargetInfoBytes = 16 * 1024

/** CHALLENGE_MESSAGE ([MS-NLMP] 2.2.1.2). */
export function decodeNtlmChallenge(message: Buffer): NtlmChallenge {
  const reader = new Reader(message)
  if (!reader.take(8).equals(ntlmSignature)) throw new MalformedError('not an NTLM message')
  const type = reader.u32le()
  if (type !== 2) throw new MalformedError(`NTLM message ${type} where the challenge is due`)
  reader.skip(8) // the target's name, which the target information has as well
  const flags = reader.u32le()
  const serverChallenge = reader.take(8)
  if ((flags & indispensable) !== indispensable) {
    throw new MalformedError(`an NTLM challenge with flags 0x${flags.toString(16)}`)
  }
  return {
    message,
    flags,
    serverChallenge,
    targetInfo: decodeTargetInfo(targetInfoOf(reader, flags)),
  }
}

function targetInfoOf(reader: Reader, flags: number): Buffer {
  if ((flags & ntlmFlags.targetInfo) === 0) return Buffer.alloc(0)
  reader.skip(8)
  const length = reader.u16le()
  reader.skip(2)
  const offset = reader.u32le()
  if (length > mostTargetInfoBytes) {
    throw new MalformedError(`${length} bytes of NTLM target information`)
  }
  return reader.slice(offset, length)
}
