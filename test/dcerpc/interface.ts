import t from 'tap'
import { ndr, uuidBytes } from '../../src/dcerpc/interface.ts'
import { bind } from '../helpers/srvsvc.ts'

t.test('a UUID is written as it was seen on the wire', async (t) => {
  t.same(uuidBytes('4b324fc8-1670-01d3-1278-5a47bf6ee188'), bind.subarray(32, 48))
  t.same(ndr.uuid, bind.subarray(52, 68))
})
