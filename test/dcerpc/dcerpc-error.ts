import t from 'tap'
import { DcerpcError } from '../../src/dcerpc/dcerpc-error.ts'

t.test('says what was refused, and with which number', async (t) => {
  t.equal(new DcerpcError('status', 5).message, 'the service answers with an error (5)')
  t.match(new DcerpcError('call', 0x1c010003).message, /broke the call off \(0x1c010003\)/)
  t.match(new DcerpcError('bind', 2), { step: 'bind', number: 2 })
})
