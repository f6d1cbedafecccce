import t from 'tap'
import { NdrReader } from '../../src/dcerpc/ndr-reader.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { hex } from '../helpers/smb-codec.ts'

t.test('numbers stand at a multiple of four, pointers lead somewhere or nowhere', async (t) => {
  const reader = new NdrReader(hex('01 000000 02000000 00000000 00000200'))
  reader.u8()
  t.equal(reader.u32(), 2)
  t.equal(reader.pointer(), false)
  t.equal(reader.pointer(), true)
})

t.test('a text ends with its first NUL, or with what was counted', async (t) => {
  t.equal(new NdrReader(hex('03000000 00000000 03000000 6100 6200 0000')).text(), 'ab')
  t.equal(new NdrReader(hex('03000000 00000000 02000000 6100 6200')).text(), 'ab')
  t.equal(new NdrReader(hex('00000000 00000000 00000000')).text(), '')
})

t.test(
  'a text that is not all there, or says that it is larger than its room, is refused',
  async (t) => {
    const cases = [
      '03000000 00000000 03000000 6100 6200',
      '01000000 00000000 02000000 6100 6200',
      '03000000 01000000 02000000 6100 6200',
      'ffffffff 00000000 ffffffff 6100',
    ]
    for (const bytes of cases) t.throws(() => new NdrReader(hex(bytes)).text(), MalformedError)
  },
)
