import t from 'tap'
import { isAboutIdentity } from '../../src/smb/identity-status.ts'
import { ntStatusName } from '../../src/smb/nt-status.ts'

const all = Array.from({ length: 0x1000 }, (_, low) => 0xc0000000 + low).filter(isAboutIdentity)

t.test('these statuses are about who logs in, and no others', async (t) => {
  t.strictSame(
    all.map((status) => ntStatusName(status).replace('NT_STATUS_', '')),
    [
      'INVALID_ACCOUNT_NAME',
      'NO_SUCH_USER',
      'WRONG_PASSWORD',
      'LOGON_FAILURE',
      'ACCOUNT_RESTRICTION',
      'INVALID_LOGON_HOURS',
      'INVALID_WORKSTATION',
      'PASSWORD_EXPIRED',
      'ACCOUNT_DISABLED',
      'LOGON_NOT_GRANTED',
      'LOGON_TYPE_NOT_GRANTED',
      'ACCOUNT_EXPIRED',
      'PASSWORD_MUST_CHANGE',
      'ACCOUNT_LOCKED_OUT',
      'LOGIN_TIME_RESTRICTION',
      'LOGIN_WKSTA_RESTRICTION',
    ],
  )
})

t.test('what a server in trouble may say is none of them', async (t) => {
  const accessDenied = 0xc0000022
  const noLogonServers = 0xc000005e
  const insufficientResources = 0xc000009a
  for (const status of [accessDenied, noLogonServers, insufficientResources]) {
    t.notOk(isAboutIdentity(status))
  }
})
