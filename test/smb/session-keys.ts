import t from 'tap'
import {
  deriveSealer,
  deriveSigner,
  extendPreauthHash,
  initialPreauthHash,
  type KeyMaterial,
} from '../../src/smb/session-keys.ts'
import { seal } from '../helpers/smb-server-crypto.ts'
import {
  firstRequest,
  firstResponse,
  hashes,
  lastRequest,
  lastResponse,
  negotiateRequest,
  negotiateResponse,
  sessionId,
  sessionKey,
} from '../helpers/smb-walkthrough.ts'

const hex = (text: string) => Buffer.from(text, 'hex')
const plain = Buffer.from('sixteen bytes ok')

t.test('hashes the messages of the published login', (t) => {
  const messages = [negotiateRequest, negotiateResponse, firstRequest, firstResponse, lastRequest]
  let hash: Buffer = initialPreauthHash
  for (const [i, message] of messages.entries()) {
    hash = extendPreauthHash(hash, message)
    t.same(hash, hashes[i], `message ${i + 1}`)
  }
  t.same(initialPreauthHash, Buffer.alloc(64))
  t.end()
})

t.test('derives the keys of the published login', (t) => {
  const preauthHash = hashes[4] ?? Buffer.alloc(0)
  const material: KeyMaterial = { dialect: 0x0311, sessionKey, preauthHash }
  t.ok(deriveSigner(material, 1).verify(lastResponse))

  // The keys for the way to the server and from it are printed there as well.
  const toServer = hex('629bcbc54422a0f572b97f45989b6073')
  const toClient = hex('e2af0dcefac68da71a0dfbd0d1350d74')
  const sealer = deriveSealer(material, 2, sessionId)
  t.same(sealer.open(seal(2, toClient, sessionId, plain, 0)), plain)
  t.throws(() => sealer.open(seal(2, toServer, sessionId, plain, 0)))
  t.same(deriveSealer(material, 2, sessionId).seal(plain).length, 52 + plain.length)
  t.end()
})

t.test('derives the keys of the published 3.0 session', (t) => {
  const material: KeyMaterial = {
    dialect: 0x0300,
    sessionKey: hex('7cd451825d0450d235424e44ba6e78cc'),
    preauthHash: Buffer.alloc(64),
  }
  const toClient = hex('b0f0427f7ceb416d1d9dcc0cd4f99447')
  t.same(deriveSealer(material, 1, 7n).open(seal(1, toClient, 7n, plain, 0)), plain)
  t.same(
    deriveSealer({ ...material, dialect: 0x0302 }, 1, 7n).open(seal(1, toClient, 7n, plain, 0)),
    plain,
  )
  t.end()
})

t.test('signs with the session key itself before 3.0', (t) => {
  for (const dialect of [0x0202, 0x0210] as const) {
    const message = Buffer.from(lastResponse)
    message.fill(0, 48, 64)
    deriveSigner({ dialect, sessionKey, preauthHash: Buffer.alloc(0) }, 0).sign(message)
    const other = Buffer.from(message)
    t.ok(deriveSigner({ dialect, sessionKey, preauthHash: hex('00') }, 0).verify(other))
    t.notOk(deriveSigner({ dialect: 0x0300, sessionKey, preauthHash: hex('00') }, 0).verify(other))
  }
  t.end()
})
