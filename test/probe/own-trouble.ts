import t from 'tap'
import { ownTrouble } from '../../src/probe/own-trouble.ts'
import { LookupError } from '../../src/wire/lookup-error.ts'
import { SocketError } from '../../src/wire/socket-error.ts'

t.test('what we lack ourselves is named by 71 and its number', async (t) => {
  t.strictSame(ownTrouble(new SocketError('socket', 'EMFILE', 24)), { id: 71, nn: 24 })
  t.strictSame(ownTrouble(new SocketError('bind', 'EACCES', 13)), { id: 71, nn: 13 })
  t.strictSame(ownTrouble(new SocketError('connect', 'EADDRNOTAVAIL', 99)), { id: 71, nn: 99 })
  for (const code of ['EPERM', 'EINVAL', 'EAGAIN', 'EPROTONOSUPPORT']) {
    t.strictSame(ownTrouble(new SocketError('connect', code, 1)), { id: 71, nn: 1 }, code)
  }
  t.strictSame(ownTrouble(new SocketError('send', 'ENOBUFS', 105)), { id: 71, nn: 105 })
})

t.test('a name service in trouble is named by 42', async (t) => {
  t.match(ownTrouble(new LookupError('fs1', 'ESERVFAIL')), { id: 42, text: 'getaddrinfo' })
})

t.test('what the server or the way to it did is not ours', async (t) => {
  for (const code of ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EACCES']) {
    t.equal(ownTrouble(new SocketError('connect', code, 1)), undefined, code)
  }
  t.equal(ownTrouble(SocketError.closedByPeer()), undefined)
  t.equal(ownTrouble(new Error('any')), undefined)
})
