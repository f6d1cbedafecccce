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
    return { ...login, domain: domain ?? login.domain }
  }
  if (user !== undefined) {
    return {
      user,
      password: password ?? env.CLP_FSMON_PASSWORD,
      domain: domain ?? env.CLP_FSMON_DOMAIN,
    }
  }
  const named = env.CLP_FSMON_USER
  if (named === undefined || named === '') {
    if (domain !== undefined)
      throw new ParameterError(11, 'needs-with', { option: '--domain', other: '-u' })
    return undefined
  }
  return { user: named, password: env.CLP_FSMON_PASSWORD, domain: domain ?? env.CLP_FSMON_DOMAIN }
}
