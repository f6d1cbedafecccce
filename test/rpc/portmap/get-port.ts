import t from 'tap'
import { getPort, portmapper } from '../../../src/rpc/portmap/get-port.ts'
import { XdrReader } from '../../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../../src/wire/malformed-error.ts'
import { reads, written } from '../../helpers/codec.ts'
import { u32 } from '../../helpers/rpc-bytes.ts'

t.test('GETPORT asks for a program, its version and its protocol', async (t) => {
  t.same(portmapper, { number: 100_000, version: 2 })
  t.equal(getPort.number, 3)
  const program = { number: 100_005, version: 3 }
  const asked = (protocol: 'tcp' | 'udp') =>
    written((writer) => getPort.encode(writer, { program, protocol }))
  t.same(asked('tcp'), u32(100_005, 3, 6, 0))
  t.same(asked('udp'), u32(100_005, 3, 17, 0))
})

t.test('the answer is a port', async (t) => {
  reads(t, getPort, u32(2049), 2049)
  reads(t, getPort, u32(0), 0)
  t.throws(() => getPort.decode(new XdrReader(u32(65_536))), MalformedError)
})
