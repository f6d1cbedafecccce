import t from 'tap'
import { decodeHeader, encodeMessage } from '../../src/smb/header.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { Reader } from '../../src/wire/reader.ts'
import { hex } from '../helpers/smb-codec.ts'
import { firstRequest, firstResponse, lastResponse } from '../helpers/smb-walkthrough.ts'

const changed = (offset: number, bytes: string) => {
  const copy = Buffer.from(firstResponse.subarray(0, 64))
  copy.write(bytes, offset, 'hex')
  return new Reader(copy)
}

t.test('encodes a request', (t) => {
  const message = encodeMessage(
    {
      command: 3,
      messageId: 4,
      creditCharge: 1,
      creditRequest: 16,
      treeId: 0x99,
      sessionId: 0x1122334455667788n,
    },
    hex('09000000'),
  )
  t.same(
    message,
    hex(`fe534d42 4000 0100 00000000 0300 1000 00000000 00000000 0400000000000000
      00000000 99000000 8877665544332211 ${'00'.repeat(16)} 09000000`),
  )
  t.end()
})

t.test('decodes captured answers', (t) => {
  t.same(decodeHeader(new Reader(firstResponse)), {
    status: 0xc0000016,
    command: 1,
    credits: 1,
    flags: 1,
    next: 0,
    messageId: 2,
    treeId: 0,
    sessionId: 0x100000000019n,
  })
  t.match(decodeHeader(new Reader(lastResponse)), { status: 0, flags: 9, messageId: 3 })
  t.end()
})

t.test('has no tree id in an asynchronous answer, and no message id in one to nothing', (t) => {
  t.equal(decodeHeader(changed(16, '03')).treeId, undefined)
  t.equal(decodeHeader(changed(24, 'ffffffffffffffff')).messageId, undefined)
  t.end()
})

t.test('takes all eight bytes of a message id, so that none is one of ours by chance', (t) => {
  const cases = {
    '0200000000000000': 2,
    ffffffff00000000: 0xffffffff,
    '0200000001000000': 0x100000002,
    '02000000ffffffff': 0xffffffff * 2 ** 32,
    '0200000000000080': 2 ** 63,
  }
  for (const [bytes, id] of Object.entries(cases)) {
    t.equal(decodeHeader(changed(24, bytes)).messageId, id, bytes)
  }
  t.end()
})

t.test('refuses what is no answer', (t) => {
  const cases = {
    'a request': new Reader(firstRequest),
    'SMB 1': changed(0, 'ff'),
    'another size': changed(4, '3f'),
  }
  for (const [name, reader] of Object.entries(cases)) {
    t.throws(() => decodeHeader(reader), MalformedError, name)
  }
  for (let length = 0; length < 64; length++) {
    const cut = new Reader(firstResponse.subarray(0, length))
    t.throws(() => decodeHeader(cut), MalformedError, `${length} bytes`)
  }
  t.end()
})
