import t from 'tap'
import { ntStatus, ntStatusName, win32Code } from '../../src/smb/nt-status.ts'

t.test('has the numbers that the alerts promise', (t) => {
  const promised = [
    ['NT_STATUS_BAD_NETWORK_NAME', 0xc00000cc, 67],
    ['NT_STATUS_LOGON_FAILURE', 0xc000006d, 1326],
    ['NT_STATUS_ACCESS_DENIED', 0xc0000022, 5],
    ['NT_STATUS_ACCOUNT_DISABLED', 0xc0000072, 1331],
    ['NT_STATUS_PASSWORD_EXPIRED', 0xc0000071, 1330],
    ['NT_STATUS_PASSWORD_MUST_CHANGE', 0xc0000224, 1907],
    ['NT_STATUS_ACCOUNT_LOCKED_OUT', 0xc0000234, 1909],
    ['NT_STATUS_ACCOUNT_RESTRICTION', 0xc000006e, 1327],
    ['NT_STATUS_NO_LOGON_SERVERS', 0xc000005e, 1311],
    ['NT_STATUS_INSUFFICIENT_RESOURCES', 0xc000009a, 1450],
    ['NT_STATUS_REQUEST_NOT_ACCEPTED', 0xc00000d0, 71],
    ['NT_STATUS_NOT_SUPPORTED', 0xc00000bb, 50],
    ['NT_STATUS_INVALID_PARAMETER', 0xc000000d, 87],
    ['NT_STATUS_IO_TIMEOUT', 0xc00000b5, 121],
    ['NT_STATUS_NTLM_BLOCKED', 0xc0000418, 1937],
  ] as const
  for (const [name, status, code] of promised) {
    t.equal(ntStatusName(status), name)
    t.equal(win32Code(status), code, name)
  }
  t.end()
})

t.test('prints 317 for a status without a Win32 code, and its number where it has no name', (t) => {
  t.equal(win32Code(0xc00000e9), 317)
  t.equal(ntStatusName(0xc00000e9), 'NT_STATUS_UNEXPECTED_IO_ERROR')
  t.equal(win32Code(0xc0abcdef), 317)
  t.equal(ntStatusName(0xc0abcdef), '0xC0ABCDEF')
  t.equal(ntStatusName(0x1), '0x00000001')
  t.end()
})

t.test('names every status that the client looks at, but success', (t) => {
  for (const [name, status] of Object.entries(ntStatus)) {
    if (name !== 'success') t.match(ntStatusName(status), /^NT_STATUS_/, name)
  }
  t.end()
})
