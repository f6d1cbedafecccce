import { ParameterError } from '../parameter-error.ts'
import { readCredentialsFile, type Login } from './credentials-file.ts'
import type { SambaSettings } from './monitor-request.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Who logs in, or undefined for nobody: from the credentials file, else from the options, else from
 * the environment. An option that is given fills in what the other two leave open.
 */
export function settleLogin(
  settings: SambaSettings,
  env: Environment,
  uid: number,
): Login | undefined {
  const { credentialsFile, user, password, domain } = settings
  if (credentialsFile !== undefined) {
    const login = readCredentialsFile(credentialsFile, uid)
    return splitDomain({ ...login, domain: domain ?? login.domain })
  }
  if (user !== undefined) {
    return splitDomain({
      user,
      password: password ?? env.CLP_FSMON_PASSWORD,
      domain: domain ?? env.CLP_FSMON_DOMAIN,
    })
  }
  const named = env.CLP_FSMON_USER
  if (named === undefined || named === '') {
    if (domain !== undefined)
      throw new ParameterError(11, 'needs-with', { option: '--domain', other: '-u' })
    return undefined
  }
  return splitDomain({
    user: named,
    password: env.CLP_FSMON_PASSWORD,
    domain: domain ?? env.CLP_FSMON_DOMAIN,
  })
}

/** Takes `DOMAIN\user` apart, as whoever knows smbclient writes it. */
function splitDomain(login: Login): Login {
  const [, domain, user] = /^([^\\]+)\\(.+)$/.exec(login.user) ?? []
  return user === undefined ? login : { ...login, user, domain: login.domain ?? domain }
}
