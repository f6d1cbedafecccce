import t from 'tap'
import { close, open, openConfirm, type OpenRequest } from '../../../src/rpc/nfs4/open.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, opaque, u32, u64 } from '../../helpers/rpc-bytes.ts'

const request: OpenRequest = {
  clientId: 5n,
  owner: 'me',
  name: 'file',
  access: 'read',
  refuseDelegation: true,
}

t.test('a file that is there is opened to be read', async (t) => {
  t.equal(open(request).number, 18)
  t.same(
    written(open(request).encode),
    bytes(u32(0, 0x401, 0), u64(5n), opaque('me'), u32(0, 0), opaque('file')),
  )
  const plain = { ...request, refuseDelegation: false }
  t.same(written(open(plain).encode).subarray(0, 12), u32(0, 1, 0))
})

t.test('a file that is to be written is made, empty and with mode 0600', async (t) => {
  t.same(
    written(open({ ...request, access: 'write' }).encode),
    bytes(
      u32(0, 0x403, 0),
      u64(5n),
      opaque('me'),
      u32(1, 0),
      bytes(u32(2, 0x10, 0x2), opaque(bytes(u64(0n), u32(0o600)))),
      u32(0),
      opaque('file'),
    ),
  )
})

const stateId = Buffer.from('0123456789abcdef')
const changeInfo = bytes(u32(1), u64(1n), u64(2n))
const opened = (flags: number, delegation: Buffer) =>
  bytes(stateId, changeInfo, u32(flags), u32(1, 2), delegation)
const ace = bytes(u32(0, 0, 1), opaque('OWNER@'))

t.test('the answer is a stateid, whatever is delegated besides', async (t) => {
  const cases: [string, Buffer][] = [
    ['nothing', u32(0)],
    ['reading', bytes(u32(1), stateId, u32(0), ace)],
    ['writing, up to a size', bytes(u32(2), stateId, u32(0, 1), u64(4096n), ace)],
    ['writing, up to blocks', bytes(u32(2), stateId, u32(0, 2, 8, 512), ace)],
    ['nothing, since nobody wanted it', u32(3, 0)],
    ['nothing, for contention', u32(3, 1, 1)],
    ['nothing, for want of resources', u32(3, 2, 0)],
  ]
  for (const [what, delegation] of cases) {
    await t.test(`delegated: ${what}`, async (t) => {
      reads(t, open(request), opened(4, delegation), { stateId, mustConfirm: false })
    })
  }
  reads(t, open(request), opened(2, u32(0)), { stateId, mustConfirm: true })
  t.throws(() => open(request).decode(new XdrReader(opened(0, u32(4)))), MalformedError)
})

t.test('an open is confirmed and closed by its stateid', async (t) => {
  const confirm = openConfirm(stateId, 1)
  t.equal(confirm.number, 20)
  t.same(written(confirm.encode), bytes(stateId, u32(1)))
  reads(t, confirm, stateId, stateId)

  const end = close(stateId, 2)
  t.equal(end.number, 4)
  t.same(written(end.encode), bytes(u32(2), stateId))
  reads(t, end, stateId, undefined)
})
