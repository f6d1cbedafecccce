import { Writer } from '../../wire/writer.ts'
import type { Credentials } from './credentials.ts'

/** What a response answers to and is made of. */
export type NtlmV2Input = {
  serverChallenge: Buffer
  clientChallenge: Buffer
  /** 100 ns since 1601, as eight bytes */
  time: Buffer
  /** encoded AV_PAIRs */
  targetInfo: Buffer
}

/** The proof of a password, and the key that both sides now share. */
export type NtlmV2Response = {
  nt: Buffer
  /** only made when asked for, for hardly any server wants it */
  lm: () => Buffer
  sessionBaseKey: Buffer
}

const versions = Buffer.from([1, 1, 0, 0, 0, 0, 0, 0])
const proofBytes = 16

/** The NTLMv2 computation ([MS-NLMP] 3.3.2). */
export function ntlmV2Response(credentials: Credentials, input: NtlmV2Input): NtlmV2Response {
  const { serverChallenge, clientChallenge, time, targetInfo } = input
  const writer = new Writer(proofBytes + 32 + targetInfo.length).zeros(proofBytes)
  writer.put(versions).put(time).put(clientChallenge).zeros(4).put(targetInfo).zeros(4)
  const nt = writer.done()
  const proof = credentials.prove(serverChallenge, nt.subarray(proofBytes))
  nt.set(proof)
  return {
    nt,
    lm: () => Buffer.concat([credentials.prove(serverChallenge, clientChallenge), clientChallenge]),
    sessionBaseKey: credentials.prove(proof),
  }
}
