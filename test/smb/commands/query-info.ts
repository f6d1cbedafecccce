import t from 'tap'
import { decodeQueryFullSize, encodeQueryFullSize } from '../../../src/smb/commands/query-info.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { bodyReader, hex, refusesDamage } from '../../helpers/smb-codec.ts'

t.test('asks for the full size of a file system', (t) => {
  t.same(
    encodeQueryFullSize(hex('00112233445566778899aabbccddeeff')),
    hex(`2900 02 07 20000000 0000 0000 00000000 00000000 00000000
      00112233445566778899aabbccddeeff 00`),
  )
  t.end()
})

/** 1000 units, 300 of them for the caller, 400 in all, of 2 sectors of 512 bytes. */
const size = 'e803000000000000 2c01000000000000 9001000000000000 02000000 00020000'
const body = hex(`0900 4800 20000000 ${size}`)

t.test('decodes what there is, and what is left for the caller', (t) => {
  t.same(decodeQueryFullSize(bodyReader(body)), { totalBytes: 1_024_000, freeBytes: 307_200 })
  refusesDamage(t, body, decodeQueryFullSize)
  t.end()
})

t.test('a size that no number holds exactly is none that breaks anything', (t) => {
  const huge = hex(`0900 4800 20000000 ${'ff'.repeat(32)}`)
  const { totalBytes, freeBytes } = decodeQueryFullSize(bodyReader(huge))
  t.ok(Number.isFinite(totalBytes) && Number.isFinite(freeBytes))
  t.end()
})

t.test('refuses another length, and a size that would lie in the header', (t) => {
  for (const wrong of [`0900 4800 18000000 ${size}`, `0900 0800 20000000 ${size}`]) {
    t.throws(() => decodeQueryFullSize(bodyReader(hex(wrong))), MalformedError)
  }
  t.end()
})
