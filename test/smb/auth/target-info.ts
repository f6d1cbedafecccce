import t from 'tap'
import { decodeTargetInfo, encodeTargetInfo } from '../../../src/smb/auth/target-info.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'

// The pairs of [MS-NLMP] 4.2.4.
const hex = '02000c0044006f006d00610069006e0001000c0053006500720076006500720000000000'

t.test('decodes and encodes the pairs of the published example', (t) => {
  const pairs = decodeTargetInfo(Buffer.from(hex, 'hex'))
  t.same(
    pairs.map(({ id, value }) => [id, value.toString('utf16le')]),
    [
      [2, 'Domain'],
      [1, 'Server'],
    ],
  )
  t.equal(encodeTargetInfo(pairs).toString('hex'), hex)
  t.end()
})

t.test('takes no target information at all for an empty one', (t) => {
  t.same(decodeTargetInfo(Buffer.alloc(0)), [])
  t.end()
})

t.test('refuses every truncation', (t) => {
  const bytes = Buffer.from(hex, 'hex')
  for (let length = 1; length < bytes.length; length++) {
    t.throws(() => decodeTargetInfo(bytes.subarray(0, length)), MalformedError, `${length} bytes`)
  }
  t.end()
})

t.test('refuses an end mark that carries something', (t) => {
  t.throws(() => decodeTargetInfo(Buffer.from('0000010055', 'hex')), MalformedError)
  t.end()
})
