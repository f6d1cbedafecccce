import t from 'tap'
import { decodeNegotiate, encodeNegotiate } from '../../../src/smb/commands/negotiate.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { bodyReader, hex, refusesDamage } from '../../helpers/smb-codec.ts'
import { negotiateRequest, negotiateResponse } from '../../helpers/smb-walkthrough.ts'

t.test('encodes the request of a captured client', (t) => {
  const salt = hex('fa49e6578f1f3a9f4cd3e9cc14a67aa884b3d05844e0e5a118225c15887f32ff')
  const body = encodeNegotiate({
    dialects: [0x0202, 0x0210, 0x0300, 0x0302, 0x0311],
    securityMode: 0,
    capabilities: 0x3f,
    clientGuid: hex('ecd86f326276024f9f7752b89bb33f3a'),
    contexts: [
      { type: 1, data: Buffer.concat([hex('010020000100'), salt]) },
      { type: 2, data: hex('020002000100') },
    ],
  })
  t.same(body, negotiateRequest.subarray(64))
  t.end()
})

t.test('decodes the answer of a captured server', (t) => {
  const body = negotiateResponse.subarray(64)
  const decoded = decodeNegotiate(bodyReader(body))
  t.match(decoded, { dialect: 0x0311, securityMode: 1, capabilities: 0x2f })
  t.same(decoded.serverGuid, hex('39cbcaf329714942bdce5d60f09ab3fb'))
  t.same(
    decoded.contexts.map(({ type, data }) => [type, data.length]),
    [
      [1, 38],
      [2, 4],
    ],
  )
  refusesDamage(t, body, decodeNegotiate)
  t.end()
})

/** An answer without a token: what stands at 4 is the dialect, at 6 and 60 are the contexts. */
const answer = (dialect: string, count: string, offset: string, tail = '') =>
  hex(`4100 0300 ${dialect} ${count} ${'00'.repeat(16)} 04000000 ${'00'.repeat(28)}
    8000 0000 ${offset} ${tail}`)

t.test('looks for contexts in 3.1.1 alone', (t) => {
  const older = decodeNegotiate(bodyReader(answer('0203', 'ffff', 'ffffffff')))
  t.match(older, { dialect: 0x0302, contexts: [] })
  t.match(decodeNegotiate(bodyReader(answer('1103', '0000', 'ffffffff'))), { contexts: [] })
  t.end()
})

t.test('refuses a dialect that was not offered', (t) => {
  for (const dialect of ['ff02', '0000', '1203', '0100']) {
    const body = bodyReader(answer(dialect, '0000', '00000000'))
    t.throws(() => decodeNegotiate(body), MalformedError, dialect)
  }
  t.end()
})

t.test('refuses contexts outside the message, or more than there are', (t) => {
  const one = '0100 0200 00000000 aabb'
  t.equal(decodeNegotiate(bodyReader(answer('1103', '0100', '80000000', one))).contexts.length, 1)
  const cases = [
    answer('1103', '0200', '80000000', one),
    answer('1103', 'ffff', '80000000', one),
    answer('1103', '0100', 'ffffffff', one),
    answer('1103', '0100', '80000000', '0100 ffff 00000000 aabb'),
  ]
  for (const body of cases) t.throws(() => decodeNegotiate(bodyReader(body)), MalformedError)
  t.end()
})

t.test('refuses a token that would lie outside the message', (t) => {
  const body = answer('0203', '0000', '00000000')
  body.writeUInt16LE(1, 58)
  t.throws(() => decodeNegotiate(bodyReader(body)), MalformedError)
  t.end()
})
