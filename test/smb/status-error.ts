import t from 'tap'
import { StatusError } from '../../src/smb/status-error.ts'

t.test('says what was refused, and with which status', (t) => {
  const error = new StatusError(0xc00000cc, 'treeConnect')
  t.match(error, { name: 'StatusError', code: 'NT_STATUS', status: 0xc00000cc })
  t.equal(error.message, 'treeConnect: NT_STATUS_BAD_NETWORK_NAME')
  t.end()
})
