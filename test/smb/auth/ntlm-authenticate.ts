import t from 'tap'
import { Credentials } from '../../../src/smb/auth/credentials.ts'
import {
  encodeNtlmAuthenticate,
  type NtlmFreshness,
  ntlmMic,
} from '../../../src/smb/auth/ntlm-authenticate.ts'
import { decodeNtlmChallenge } from '../../../src/smb/auth/ntlm-challenge.ts'
import { encodeNtlmNegotiate } from '../../../src/smb/auth/ntlm-negotiate.ts'
import {
  firstRequest,
  firstResponse,
  lastRequest,
  sessionKey,
} from '../../helpers/smb-walkthrough.ts'
import { ntlmChallenge, readLogin } from '../../helpers/smb-server-login.ts'

const user = Credentials.user('User', 'Password', 'Domain')
const names = { workstation: 'HOST', servicePrincipal: 'cifs/server' }
const fresh: NtlmFreshness = {
  clientChallenge: Buffer.alloc(8, 0xaa),
  exportedSessionKey: Buffer.alloc(16, 0x55),
  now: 0x0102030405060708n,
}

function answer(challenge: Buffer, credentials = user) {
  const negotiate = encodeNtlmNegotiate()
  const decoded = decodeNtlmChallenge(challenge)
  const made = encodeNtlmAuthenticate(credentials, negotiate, decoded, names, fresh)
  return { ...made, login: readLogin(made.message, negotiate, challenge) }
}

const field = (message: Buffer, at: number) => {
  const offset = message.readUInt32LE(at + 4)
  return message.subarray(offset, offset + message.readUInt16LE(at))
}

/** An NTLM message of the walk-through, which ends where its token or the signature behind it begins. */
function ntlmWithin(message: Buffer, length: number): Buffer {
  const start = message.indexOf('NTLMSSP\0', 0, 'latin1')
  return message.subarray(start, start + length)
}

t.test('makes the integrity code of a captured login', (t) => {
  const last = Buffer.from(ntlmWithin(lastRequest, 422))
  const code = last.subarray(72, 88).toString('hex')
  last.fill(0, 72, 88)
  const [negotiate, challenge] = [ntlmWithin(firstRequest, 40), ntlmWithin(firstResponse, 148)]
  t.equal(ntlmMic(sessionKey, negotiate, challenge, last).toString('hex'), code)
  t.equal(code, 'ecac77a5f385a8bf9c38c706eeeddcd3')
  t.end()
})

t.test('proves the password, exchanges a key and seals all three messages', (t) => {
  const { key, login } = answer(ntlmChallenge())
  t.match(login, {
    user: 'User',
    domain: 'Domain',
    workstation: 'HOST',
    passwordIsRight: true,
    micIsRight: true,
  })
  t.same(login.sessionKey, fresh.exportedSessionKey)
  t.same(key, { sessionKey: fresh.exportedSessionKey, exchanged: true })
  t.end()
})

t.test("uses the server's time and leaves the LM response empty where it has told it", (t) => {
  const { message } = answer(ntlmChallenge())
  t.same(field(message, 12), Buffer.alloc(24))
  t.equal(field(message, 20).subarray(24, 32).toString('hex'), '00801a5a6c5dd801')
  t.end()
})

t.test('uses our time and an LMv2 response where the server has not told its own', (t) => {
  const { message, login } = answer(ntlmChallenge({ timestamp: false }))
  t.equal(login.passwordIsRight, true)
  t.same(field(message, 12).subarray(16), fresh.clientChallenge)
  t.equal(field(message, 20).subarray(24, 32).toString('hex'), '0807060504030201')
  t.end()
})

t.test('says in the target information that a code follows, and to whom we mean to talk', (t) => {
  const info = field(answer(ntlmChallenge()).message, 20).subarray(44)
  const pairs = new Map<number, string>()
  for (let at = 0; info.readUInt16LE(at) !== 0; at += 4 + info.readUInt16LE(at + 2)) {
    const value = info.subarray(at + 4, at + 4 + info.readUInt16LE(at + 2))
    t.notOk(pairs.has(info.readUInt16LE(at)), 'each pair once')
    pairs.set(info.readUInt16LE(at), value.toString('hex'))
  }
  t.equal(pairs.get(6), '02000000')
  t.equal(pairs.get(10), '00'.repeat(16))
  t.equal(pairs.get(9), Buffer.from('cifs/server', 'utf16le').toString('hex'))
  t.equal(pairs.get(2), Buffer.from('LAB', 'utf16le').toString('hex'))
  t.end()
})

t.test("keeps the flags that the server's target information has", (t) => {
  const challenge = decodeNtlmChallenge(ntlmChallenge())
  challenge.targetInfo.push({ id: 6, value: Buffer.from('01000000', 'hex') })
  const { message } = encodeNtlmAuthenticate(user, encodeNtlmNegotiate(), challenge, names, fresh)
  t.ok(field(message, 20).includes(Buffer.from('0600040003000000', 'hex')))
  t.end()
})

t.test('takes the base key where the server exchanges none', (t) => {
  const { message, key, login } = answer(ntlmChallenge({ flags: 0xa28a8215 }))
  t.equal(key?.exchanged, false)
  t.same(key?.sessionKey, login.sessionKey)
  t.equal(field(message, 52).length, 0)
  t.equal(login.micIsRight, true)
  t.end()
})

t.test('proves nothing and settles no key for nobody', (t) => {
  const { message, key, login } = answer(ntlmChallenge(), Credentials.anonymous())
  t.equal(key, undefined)
  t.match(login, { isAnonymous: true, user: '', domain: '' })
  t.same(field(message, 12), Buffer.alloc(1))
  t.equal(message.readUInt32LE(60) & 0x800, 0x800)
  t.equal(message.readUInt32LE(60) & 0x40000000, 0)
  t.end()
})

t.test('has another code for another password, so that a wrong one is found out', (t) => {
  const wrong = Credentials.user('User', 'password', 'Domain')
  t.equal(answer(ntlmChallenge(), wrong).login.passwordIsRight, false)
  t.end()
})
