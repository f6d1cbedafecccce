import t from 'tap'
import { fromTheStart, listDirectory, lookAt } from '../../../src/rpc/nfs4/list-directory.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, opaque, u32, u64 } from '../../helpers/rpc-bytes.ts'

const list = listDirectory(fromTheStart)

/** An entry with all attributes that are asked for. */
const entry = (name: string, cookie = 1n) =>
  bytes(
    u32(1),
    u64(cookie),
    opaque(name),
    u32(1, 0x0008_0902),
    opaque(bytes(u32(2), u64(7n), u64(8n), u32(0), opaque('handle'))),
  )

t.test('asks for what tells one file system from another, from where it was', async (t) => {
  t.equal(list.number, 26)
  const asked = bytes(u64(0n), u64(0n), u32(8192, 32_768, 1, 0x0008_0902))
  t.same(written(list.encode), asked)
  const further = listDirectory({ cookie: 5n, verifier: Buffer.alloc(8, 1) })
  t.same(written(further.encode).subarray(0, 16), bytes(u64(5n), Buffer.alloc(8, 1)))
  t.equal(lookAt.number, 9)
  t.same(written(lookAt.encode), u32(1, 0x0008_0102))
})

t.test('what Ganesha 4.3 answered is read', async (t) => {
  const captured = Buffer.from(
    '2d7bf68ba630ea18000000010000000000000003000000046461746100000001000809020000003800000002000000002347' +
      'a99e000000002e36f26c000000000000001b4300000116449ea947236cf2362e01aa9853637a0000000000000000000000' +
      '0000000001',
    'hex',
  )
  const handle = Buffer.from('4300000116449ea947236cf2362e01aa9853637a00000000000000', 'hex')
  reads(t, list, captured, {
    verifier: captured.subarray(0, 8),
    entries: [
      { cookie: 3n, name: 'data', attributes: { type: 2, fsid: '591899038.775352940', handle } },
    ],
    isEnd: true,
  })
})

t.test(
  'a page tells whether it is the last one, and of an entry perhaps only why nothing',
  async (t) => {
    const refused = bytes(u32(1), u64(2n), opaque('b'), u32(1, 0x800), opaque(u32(13)))
    const page = bytes(Buffer.alloc(8, 9), entry('a'), refused, u32(0, 0))
    reads(t, list, page, {
      verifier: Buffer.alloc(8, 9),
      entries: [
        {
          cookie: 1n,
          name: 'a',
          attributes: { type: 2, fsid: '7.8', handle: Buffer.from('handle') },
        },
        { cookie: 2n, name: 'b', attributes: { error: 13 } },
      ],
      isEnd: false,
    })
  },
)

t.test('what was not asked for, or does not end, is refused', async (t) => {
  const odd = bytes(u32(1, 1), opaque(u32(0)))
  t.throws(() => lookAt.decode(new XdrReader(odd)), MalformedError)
  const long = bytes(u32(1, 2), opaque(u32(2, 2)))
  t.throws(() => lookAt.decode(new XdrReader(long)), MalformedError)
  const endless = bytes(Buffer.alloc(8), ...Array.from({ length: 4097 }, () => entry('')))
  t.throws(() => list.decode(new XdrReader(endless)), MalformedError)
})
