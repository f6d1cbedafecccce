import t from 'tap'
import { decodeBindAck, decodeBindNak, encodeBind } from '../../src/dcerpc/bind.ts'
import { DcerpcError } from '../../src/dcerpc/dcerpc-error.ts'
import { srvsvc } from '../../src/dcerpc/net-share-enum.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { bind, bindAck } from '../helpers/srvsvc.ts'

t.test('asks for the interface as a real server understood it', async (t) => {
  t.same(encodeBind(srvsvc), bind.subarray(16))
})

t.test('the grant of a real server is taken, and no prefix of it', async (t) => {
  const body = bindAck.subarray(16)
  t.doesNotThrow(() => decodeBindAck(body))
  for (let length = 0; length < body.length; length++) {
    t.throws(() => decodeBindAck(body.subarray(0, length)), MalformedError)
  }
})

t.test('a refusal is told from nonsense', async (t) => {
  const result = 16 + 8 + 2 + 13 + 1 + 4
  const changed = (at: number, value: number) => {
    const bytes = Buffer.from(bindAck)
    bytes[at] = value
    return bytes.subarray(16)
  }
  t.throws(() => decodeBindAck(changed(result, 2)), DcerpcError)
  t.throws(() => decodeBindAck(changed(result - 4, 2)), MalformedError, 'two results')
  t.throws(() => decodeBindAck(changed(result + 4, 0xff)), MalformedError, 'another syntax')
  t.match(decodeBindNak(Buffer.from([4, 0])), { step: 'bind', number: 4 })
  t.throws(() => decodeBindNak(Buffer.from([4])), MalformedError)
})
