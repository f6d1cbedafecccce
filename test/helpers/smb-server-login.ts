import { hmacMd5, rc4 } from './smb-server-crypto.ts'

/** MD4 of `Password` in UTF-16, as [MS-NLMP] 4.2.2.1.2 prints it. */
const ntHash = Buffer.from('a4f49c406510bdcab6824ee7c30fd852', 'hex')

export const serverChallenge = Buffer.from('0123456789abcdef', 'hex')

const utf16 = (text: string) => Buffer.from(text, 'utf16le')
const pair = (id: number, value: Buffer) => {
  const head = Buffer.alloc(4)
  head.writeUInt16LE(id, 0)
  head.writeUInt16LE(value.length, 2)
  return Buffer.concat([head, value])
}

/** CHALLENGE_MESSAGE with names, and with a time unless told otherwise. */
export function ntlmChallenge({ flags = 0xe28a8215, timestamp = true } = {}): Buffer {
  const pairs = [pair(2, utf16('LAB')), pair(1, utf16('SERVER'))]
  if (timestamp) pairs.push(pair(7, Buffer.from('00801a5a6c5dd801', 'hex')))
  const targetInfo = Buffer.concat([...pairs, Buffer.alloc(4)])
  const message = Buffer.alloc(56 + targetInfo.length)
  message.write('NTLMSSP\0', 'latin1')
  message.writeUInt32LE(2, 8)
  message.writeUInt32LE(56, 16)
  message.writeUInt32LE(flags, 20)
  serverChallenge.copy(message, 24)
  message.writeUInt16LE(targetInfo.length, 40)
  message.writeUInt16LE(targetInfo.length, 42)
  message.writeUInt32LE(56, 44)
  message.set(targetInfo, 56)
  return message
}

const der = (tag: number, content: Buffer): Buffer => {
  const { length } = content
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

/** NegTokenResp: accept-incomplete, NTLM, and its token. */
export function spnegoChallenge(ntlm: Buffer): Buffer {
  const state = Buffer.from('a0030a0101', 'hex')
  const mech = Buffer.from('a10c060a2b06010401823702020a', 'hex')
  return der(0xa1, der(0x30, Buffer.concat([state, mech, der(0xa2, der(0x04, ntlm))])))
}

/** NegTokenResp: accept-completed. */
export const spnegoAccepted = Buffer.from('a1073005a0030a0100', 'hex')

/** What a client's last token says, and the key that it makes with the right password. */
export type Login = {
  user: string
  domain: string
  workstation: string
  isAnonymous: boolean
  passwordIsRight: boolean
  micIsRight: boolean
  mechListMic: Buffer | undefined
  sessionKey: Buffer
}

/** Reads an AUTHENTICATE_MESSAGE, wherever in a token it is. */
export function readLogin(token: Buffer, negotiate: Buffer, challenge: Buffer): Login {
  const start = token.indexOf(Buffer.from('NTLMSSP\0\x03', 'latin1'))
  const ntlm = token.subarray(start)
  const field = (at: number) => {
    const offset = ntlm.readUInt32LE(at + 4)
    return ntlm.subarray(offset, offset + ntlm.readUInt16LE(at))
  }
  const [nt, domain, user, workstation, encryptedKey] = [20, 28, 36, 44, 52].map(field) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ]
  const end = Math.max(
    ...[12, 20, 28, 36, 44, 52].map((at) => ntlm.readUInt32LE(at + 4) + ntlm.readUInt16LE(at)),
  )
  const flags = ntlm.readUInt32LE(60)
  const upper = utf16(user.toString('utf16le').toUpperCase())
  const key = hmacMd5(ntHash, upper, domain)
  const proof = hmacMd5(key, serverChallenge, nt.subarray(16))
  const baseKey = hmacMd5(key, proof)
  const exchanged = (flags & 0x40000000) !== 0
  const sessionKey = exchanged ? rc4(baseKey, encryptedKey) : baseKey
  const withoutMic = Buffer.from(ntlm.subarray(0, end))
  withoutMic.fill(0, 72, 88)
  const mic = hmacMd5(sessionKey, negotiate, challenge, withoutMic)
  return {
    user: user.toString('utf16le'),
    domain: domain.toString('utf16le'),
    workstation: workstation.toString('utf16le'),
    isAnonymous: nt.length === 0,
    passwordIsRight: nt.subarray(0, 16).equals(proof),
    micIsRight: ntlm.subarray(72, 88).equals(mic),
    mechListMic: ntlm.length > end ? ntlm.subarray(-16) : undefined,
    sessionKey,
  }
}

/** The NEGOTIATE_MESSAGE within a client's first token. */
export function ntlmWithin(token: Buffer): Buffer {
  const start = token.indexOf(Buffer.from('NTLMSSP\0', 'latin1'))
  return token.subarray(start, start + 40)
}
