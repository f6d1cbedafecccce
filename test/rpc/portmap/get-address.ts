import t from 'tap'
import { getAddress, rpcbind } from '../../../src/rpc/portmap/get-address.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { bytes, opaque, u32 } from '../../helpers/rpc-bytes.ts'

t.test('GETADDR asks for a program on a transport, and leaves the rest open', async (t) => {
  t.same(rpcbind(4), { number: 100_000, version: 4 })
  t.same(rpcbind(3), { number: 100_000, version: 3 })
  t.equal(getAddress.number, 3)
  const program = { number: 100_003, version: 3 }
  t.same(
    written((writer) => getAddress.encode(writer, { program, netid: 'tcp6' })),
    bytes(u32(100_003, 3), opaque('tcp6'), u32(0, 0)),
  )
})

t.test('the answer is a universal address, of which the port counts', async (t) => {
  reads(t, getAddress, opaque('::.8.1'), 2049)
  reads(t, getAddress, opaque(''), 0)
  t.throws(() => getAddress.decode(new XdrReader(opaque('nonsense'))), MalformedError)
  t.throws(() => getAddress.decode(new XdrReader(opaque('.8.1'.padStart(257)))), MalformedError)
})
