import t from 'tap'
import { mnt, mountProgram } from '../../../src/rpc/mount/mnt.ts'
import { MountError } from '../../../src/rpc/mount/mount-error.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, opaque, u32 } from '../../helpers/rpc-bytes.ts'

t.test('MNT names a directory', async (t) => {
  t.same(mountProgram, { number: 100_005, version: 3 })
  t.equal(mnt.number, 1)
  t.same(
    written((writer) => mnt.encode(writer, '/srv/nfs')),
    opaque('/srv/nfs'),
  )
})

t.test('the answer is a handle and the flavors it may be used with', async (t) => {
  const handle = Buffer.from('handle!')
  reads(t, mnt, bytes(u32(0), opaque(handle), u32(2, 0, 1)), { handle, flavors: [0, 1] })
})

t.test('a refusal is a MountError, an impossible handle is refused', async (t) => {
  t.throws(() => mnt.decode(new XdrReader(u32(13))), MountError)
  const tooLong = bytes(u32(0), opaque(Buffer.alloc(65)), u32(0))
  t.throws(() => mnt.decode(new XdrReader(tooLong)), MalformedError)
  const none = bytes(u32(0), opaque(''), u32(0))
  t.throws(() => mnt.decode(new XdrReader(none)), MalformedError)
  const tooMany = bytes(u32(0), opaque('h'), u32(0xffffffff))
  t.throws(() => mnt.decode(new XdrReader(tooMany)), MalformedError)
})
