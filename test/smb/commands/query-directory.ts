import t from 'tap'
import {
  decodeQueryDirectory,
  encodeQueryDirectory,
} from '../../../src/smb/commands/query-directory.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { bodyReader, hex, refusesDamage } from '../../helpers/smb-codec.ts'

t.test('asks for names from the start', (t) => {
  const fileId = hex('00112233445566778899aabbccddeeff')
  t.same(
    encodeQueryDirectory(fileId, 0x2000),
    hex('2100 0c 01 00000000 00112233445566778899aabbccddeeff 6000 0200 00200000 2a00'),
  )
  t.end()
})

t.test('decodes the names', (t) => {
  const body = hex(`0900 4800 20000000
    10000000 00000000 02000000 2e00 0000
    00000000 00000000 04000000 2e00 2e00`)
  t.same(decodeQueryDirectory(bodyReader(body)), ['.', '..'])
  refusesDamage(t, body, decodeQueryDirectory)
  t.end()
})

t.test('refuses names that would lie in the header', (t) => {
  const body = hex(`0900 0800 20000000
    10000000 00000000 02000000 2e00 0000
    00000000 00000000 04000000 2e00 2e00`)
  t.throws(() => decodeQueryDirectory(bodyReader(body)), /before the end of their header/)
  t.end()
})

const entry = (next: string, length: string) =>
  hex(`0900 4800 10000000 ${next} 00000000 ${length} 2e00 0000`)

t.test('refuses entries that go backwards, round in circles, or past the end', (t) => {
  const cases = {
    'onto itself': entry('01000000', '02000000'),
    'past the end': entry('00010000', '02000000'),
    'far past the end': entry('ffffffff', '02000000'),
    'a name that is too long': entry('00000000', 'ffffff7f'),
  }
  for (const [name, body] of Object.entries(cases)) {
    t.throws(() => decodeQueryDirectory(bodyReader(body)), MalformedError, name)
  }
  t.end()
})
