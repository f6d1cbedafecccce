/**
 * What a server says that has looked at a login and found fault with it, and not with itself: account or
 * password are wrong, locked, disabled, expired, or not to be used now or from here. What may as well be
 * the server's own trouble is not among them: ACCESS_DENIED, and that it found nobody to ask about the
 * login (NO_LOGON_SERVERS, NO_SUCH_DOMAIN, the TRUST_ and NETLOGON_ ones).
 */
const aboutIdentity: ReadonlySet<number> = new Set([
  0xc0000062, // INVALID_ACCOUNT_NAME
  0xc0000064, // NO_SUCH_USER
  0xc000006a, // WRONG_PASSWORD
  0xc000006d, // LOGON_FAILURE
  0xc000006e, // ACCOUNT_RESTRICTION
  0xc000006f, // INVALID_LOGON_HOURS
  0xc0000070, // INVALID_WORKSTATION
  0xc0000071, // PASSWORD_EXPIRED
  0xc0000072, // ACCOUNT_DISABLED
  0xc0000155, // LOGON_NOT_GRANTED
  0xc000015b, // LOGON_TYPE_NOT_GRANTED
  0xc0000193, // ACCOUNT_EXPIRED
  0xc0000224, // PASSWORD_MUST_CHANGE
  0xc0000234, // ACCOUNT_LOCKED_OUT
  0xc0000247, // LOGIN_TIME_RESTRICTION
  0xc0000248, // LOGIN_WKSTA_RESTRICTION
])

/** Whether a status is about who logs in, so that only a server that is alive can have given it. */
export function isAboutIdentity(status: number): boolean {
  return aboutIdentity.has(status)
}
