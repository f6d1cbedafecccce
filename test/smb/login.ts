import t from 'tap'
import { Credentials } from '../../src/smb/auth/credentials.ts'
import { startSealing } from '../../src/smb/login.ts'
import { StatusError } from '../../src/smb/status-error.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { logInTo } from '../helpers/smb-client.ts'
import { sessionId } from '../helpers/smb-server.ts'
import { ntlmChallenge } from '../helpers/smb-server-login.ts'

t.test('logs a user in, with a proof that the server can check', async (t) => {
  const { server, session } = await logInTo(t)
  t.match(session, { kind: 'user', sessionId })
  t.match(server.logins, [
    {
      user: 'User',
      domain: 'Domain',
      workstation: 'HOST',
      passwordIsRight: true,
      micIsRight: true,
    },
  ])
  t.equal(server.logins[0]?.mechListMic?.length, 16)
  t.same(session.keys?.sessionKey, server.logins[0]?.sessionKey)
})

t.test('has no keys as guest or nobody', async (t) => {
  const guest = await logInTo(t, { sessionFlags: 1 }, Credentials.guest())
  t.match(guest.session, { kind: 'guest', keys: undefined })
  const nobody = await logInTo(t, {}, Credentials.anonymous())
  t.match(nobody.session, { kind: 'anonymous', keys: undefined })
  t.match(nobody.server.logins, [{ isAnonymous: true, mechListMic: undefined }])
  const unmarked = await logInTo(
    t,
    { sessionFlags: 0, unprotected: () => true },
    Credentials.anonymous(),
  )
  t.match(unmarked.session, { kind: 'anonymous', keys: undefined }, 'Samba does not mark it')
  const both = await logInTo(t, { sessionFlags: 1 }, Credentials.anonymous())
  t.match(both.session, { kind: 'guest', keys: undefined })
})

t.test('does not let a server make a guest, or nobody, of a user', async (t) => {
  for (const sessionFlags of [1, 2, 3, 5]) {
    const refused = { name: 'StatusError', status: 0xc000006d, message: /let in as/ }
    await t.rejects(logInTo(t, { sessionFlags }), refused, `flags ${sessionFlags}`)
  }
})

function tamper(step: string, message: Buffer): Buffer {
  if (step === 'session') message.writeUInt8(message.readUInt8(66) ^ 1, 66)
  return message
}

t.test('wants the end of the login signed with the key that the password made', async (t) => {
  const unsigned = logInTo(t, { unprotected: (step) => step === 'session' })
  await t.rejects(unsigned, MalformedError)
  await t.rejects(logInTo(t, { tamper }), MalformedError)
})

t.test('passes on what the server refuses', async (t) => {
  const first = logInTo(t, { status: { challenge: 0xc0000418 } })
  await t.rejects(first, { name: 'StatusError', status: 0xc0000418 })
  const last = logInTo(t, { status: { session: 0xc000006d } })
  await t.rejects(last, { name: 'StatusError', status: 0xc000006d })
  const endless = logInTo(t, { status: { session: 0xc0000016 } })
  await t.rejects(endless, { name: 'StatusError', status: 0xc0000016 })
  const atOnce = logInTo(t, { status: { challenge: 0 } })
  await t.rejects(atOnce, StatusError, 'a login without a challenge proves nothing')
})

/** The end of the login with another token of the same length. */
const ended = (token: string) => (step: string, message: Buffer) => {
  if (step === 'session') message.write(token, 64 + 8, 'hex')
  return message
}

t.test('refuses an end that says both success and rejection, and minds nothing else', async (t) => {
  const refused = { name: 'MalformedError', message: /rejected/ }
  for (const as of [undefined, Credentials.anonymous()]) {
    await t.rejects(logInTo(t, { alter: ended('a1073005a0030a0102') }, as), refused)
    for (const token of ['a1073005a0030a0101', 'a1073005a0030a0103', '000000000000000000']) {
      t.ok((await logInTo(t, { alter: ended(token) }, as)).session, token)
    }
  }
})

function alter(step: string, message: Buffer): Buffer {
  return step === 'challenge' ? message.fill(0, 40, 48) : message
}

t.test('refuses a session without an id, and a challenge that is none', async (t) => {
  await t.rejects(logInTo(t, { alter }), MalformedError)
  await t.rejects(logInTo(t, { challenge: ntlmChallenge({ flags: 0 }) }), MalformedError)
})

t.test('seals when the session says so, or when told to', async (t) => {
  const demanded = await logInTo(t, { sessionFlags: 4 })
  t.equal(demanded.connection.isSealed, true)
  const chosen = await logInTo(t)
  t.equal(chosen.connection.isSealed, false)
  startSealing(chosen.connection, chosen.negotiated, chosen.session)
  t.equal(chosen.connection.isSealed, true)
})

t.test('cannot seal without a key or a cipher', async (t) => {
  const guest = await logInTo(t, { sessionFlags: 1 }, Credentials.guest())
  const denied = { name: 'StatusError', status: 0xc0000022 }
  t.throws(() => startSealing(guest.connection, guest.negotiated, guest.session), denied)
  const open = await logInTo(t, { cipher: 0 })
  t.throws(() => startSealing(open.connection, open.negotiated, open.session), denied)
  await t.rejects(logInTo(t, { dialect: 0x0210, sessionFlags: 4 }), denied)
})
