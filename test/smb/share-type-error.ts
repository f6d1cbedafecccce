import t from 'tap'
import { ShareTypeError } from '../../src/smb/share-type-error.ts'

t.test('keeps the type', (t) => {
  t.match(new ShareTypeError(2), {
    name: 'ShareTypeError',
    code: 'SHARE_TYPE',
    shareType: 2,
    message: /type 2/,
  })
  t.end()
})
