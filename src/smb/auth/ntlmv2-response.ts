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
const reserved = Buffer.alloc(4)

/** The NTLMv2 computation ([MS-NLMP] 3.3.2). */
export function ntlmV2Response(credentials: Credentials, input: NtlmV2Input): NtlmV2Response {
  const { serverChallenge, clientChallenge, time, targetInfo } = input
  const blob = Buffer.concat([versions, time, clientChallenge, reserved, targetInfo, reserved])
  const proof = credentials.prove(serverChallenge, blob)
  return {
    nt: Buffer.concat([proof, blob]),
    lm: () => Buffer.concat([credentials.prove(serverChallenge, clientChallenge), clientChallenge]),
    sessionBaseKey: credentials.prove(proof),
  }
}
