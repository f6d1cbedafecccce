import t from 'tap'
import { Smb1OnlyError } from '../../src/smb/smb1-only-error.ts'

t.test('says that the server speaks SMB 1 alone', (t) => {
  const error = new Smb1OnlyError()
  t.match(error, { name: 'Smb1OnlyError', code: 'SMB1_ONLY' })
  t.match(error.message, /only SMB 1/)
  t.end()
})
