import { inspect } from 'node:util'
import t from 'tap'
import { Credentials } from '../../../src/smb/auth/credentials.ts'

const secret = 'Sehr-geheim-1'

t.test('proves a password as [MS-NLMP] 4.2.4 does', (t) => {
  // NTProofStr is HMAC-MD5 over the server's challenge and the blob, under NTOWFv2.
  const blob =
    '01010000000000000000000000000000aaaaaaaaaaaaaaaa00000000' +
    '02000c0044006f006d00610069006e0001000c0053006500720076006500720000000000' +
    '00000000'
  const credentials = Credentials.user('User', 'Password', 'Domain')
  const proof = credentials.prove(Buffer.from('0123456789abcdef', 'hex'), Buffer.from(blob, 'hex'))
  t.equal(proof.toString('hex'), '68cd0ab851e51c96aabc927bebef6a1c')
  t.equal(credentials.prove(proof).toString('hex'), '8de40ccadbc14a82f15cb0ad0de95ca3')
  t.end()
})

const proof = (name: string, domain: string) =>
  Credentials.user(name, 'Password', domain).prove(Buffer.from('x'))

t.test('takes the user in capitals and the domain as it is', (t) => {
  t.same(proof('user', 'Domain'), proof('USER', 'Domain'))
  t.notSame(proof('user', 'Domain'), proof('user', 'DOMAIN'))
  t.same(proof('strauß', ''), proof('STRAUß', ''), 'one character stays one')
  t.same(proof('größe', ''), proof('GRÖßE', ''))
  t.end()
})

t.test('says who, and never with what password', (t) => {
  const credentials = Credentials.user('ann', secret, 'LAB')
  t.equal(credentials.kind, 'user')
  t.equal(credentials.user, 'ann')
  t.equal(credentials.domain, 'LAB')
  const hash = credentials.prove().toString('hex')
  const views = [
    JSON.stringify(credentials),
    JSON.stringify({ nested: [credentials] }),
    inspect(credentials, { depth: 9, showHidden: true, getters: true }),
    Object.values(credentials).join(),
    Reflect.ownKeys(credentials).map(String).join(),
    JSON.stringify(structuredClone(credentials)),
  ]
  for (const view of views) {
    t.notMatch(view, secret)
    t.notMatch(view, hash)
    t.notMatch(view, /buffer|key/i)
  }
  t.end()
})

t.test('knows nobody and the guest', (t) => {
  t.match(Credentials.anonymous(), { kind: 'anonymous', user: '', domain: '' })
  t.match(Credentials.guest(), { kind: 'guest', user: 'guest', domain: '' })
  t.match(Credentials.user('ann', secret), { kind: 'user', user: 'ann', domain: '' })
  t.end()
})
