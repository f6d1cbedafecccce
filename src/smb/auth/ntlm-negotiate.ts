import { Writer } from '../../wire/writer.ts'
import { ntlmFlags } from './ntlm-flags.ts'

/** What we offer: NTLMv2 with a key exchange. */
export const offeredNtlmFlags =
  (ntlmFlags.unicode |
    ntlmFlags.requestTarget |
    ntlmFlags.sign |
    ntlmFlags.ntlm |
    ntlmFlags.alwaysSign |
    ntlmFlags.extendedSessionSecurity |
    ntlmFlags.targetInfo |
    ntlmFlags.version |
    ntlmFlags.key128 |
    ntlmFlags.keyExchange |
    ntlmFlags.key56) >>>
  0

/** The eight bytes that every NTLM message starts with. */
export const ntlmSignature = Buffer.from('NTLMSSP\0', 'latin1')

/** A version that says nothing about us but the revision of NTLM ([MS-NLMP] 2.2.2.10). */
export const ntlmVersion = Buffer.from([6, 1, 0, 0, 0, 0, 0, 15])

/** NEGOTIATE_MESSAGE ([MS-NLMP] 2.2.1.1): the first word of an NTLM login. */
export function encodeNtlmNegotiate(): Buffer {
  return new Writer(40)
    .put(ntlmSignature)
    .u32le(1)
    .u32le(offeredNtlmFlags)
    .zeros(16) // neither domain nor workstation: they follow in the last message
    .put(ntlmVersion)
    .done()
}
