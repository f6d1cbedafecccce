import t from 'tap'
import {
  decodeFragment,
  encodeFragment,
  fragmentBytes,
  pduType,
} from '../../src/dcerpc/fragment.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { bind, response } from '../helpers/srvsvc.ts'

t.test('a message is put behind the header that a real server understood', async (t) => {
  t.same(encodeFragment(pduType.bind, 1, bind.subarray(16)), bind)
})

t.test('a fragment of a real server is read, and every prefix of its header refused', async (t) => {
  t.equal(fragmentBytes(response), response.length)
  t.equal(fragmentBytes(response.subarray(0, 15)), undefined)
  const { type, isFirst, isLast, body } = decodeFragment(response, 2)
  t.same([type, isFirst, isLast], [pduType.response, true, true])
  t.same(body, response.subarray(16))
  for (let length = 0; length < response.length; length++) {
    t.throws(() => decodeFragment(response.subarray(0, length), 2), MalformedError)
  }
})

t.test('what is no fragment, or no answer to the call, is refused', async (t) => {
  const changes: [number, number][] = [
    [0, 4],
    [1, 2],
    [4, 0],
    [8, 0xff],
    [10, 8],
    [12, 3],
  ]
  for (const [at, value] of changes) {
    const changed = Buffer.from(response)
    changed[at] = value
    t.throws(() => decodeFragment(changed, 2), MalformedError, `byte ${at}`)
  }
  const tooShort = Buffer.from(response)
  tooShort.writeUInt16LE(15, 8)
  t.throws(() => fragmentBytes(tooShort), MalformedError)
})
