import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { ParameterError } from '../parameter-error.ts'

/** A login as smbclient's credentials files hold it. */
export type Login = {
  user: string
  password: string | undefined
  domain: string | undefined
}

/** Why a credentials file cannot be used; the keys of its explanations. */
export type CredentialsTrouble = 'unreadable' | 'notAFile' | 'mode' | 'owner' | 'syntax' | 'noUser'

/** Refuses a credentials file; what is wrong is told without a word of what is in it. */
export class CredentialsError extends ParameterError {
  readonly trouble: CredentialsTrouble

  constructor(file: string, trouble: CredentialsTrouble, values: Record<string, string> = {}) {
    super(11, 'bad-file', { option: '--credentials', file, ...values })
    this.trouble = trouble
  }
}

/** Above this a file is something else. */
const largestBytes = 64 * 1024

/** Reads `username = …`, `password = …` and `domain = …` out of a file that nobody else may read. */
export function readCredentialsFile(file: string, uid: number): Login {
  let fd: number
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new CredentialsError(file, 'unreadable', { code })
  }
  try {
    const about = fstatSync(fd)
    if (!about.isFile() || about.size > largestBytes) throw new CredentialsError(file, 'notAFile')
    if ((about.mode & 0o077) !== 0) {
      const mode = (about.mode & 0o777).toString(8).padStart(4, '0')
      throw new CredentialsError(file, 'mode', { mode })
    }
    if (about.uid !== uid && about.uid !== 0) {
      throw new CredentialsError(file, 'owner', { uid: String(about.uid) })
    }
    return parse(file, readFileSync(fd, 'utf8'))
  } finally {
    closeSync(fd)
  }
}

function parse(file: string, text: string): Login {
  const found: Partial<Record<string, string>> = {}
  for (const [at, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const bare = line.replace(/\r$/, '')
    if (/^\s*([#;].*)?$/.test(bare)) continue
    // The value keeps its inner and final spaces: a password may have them.
    const [, key, value] = /^\s*(username|password|domain)\s*=\s?(.*)$/i.exec(bare) ?? []
    if (key === undefined) throw new CredentialsError(file, 'syntax', { line: String(at + 1) })
    found[key.toLowerCase()] = value
  }
  const { username, password, domain } = found
  if (username === undefined || username.trim() === '') throw new CredentialsError(file, 'noUser')
  return {
    user: username.trim(),
    password,
    domain: domain === undefined || domain.trim() === '' ? undefined : domain.trim(),
  }
}
