import { readPrivateFile } from './private-file.ts'

/** With this anybody can issue keys: whoever needs no vendor, has none. */
export const communitySecret: Readonly<Uint8Array> = Buffer.from('clp-fsmon community license')

const shortestBytes = 16

/** The secret in an issuer's file, none where there is no file, or why it cannot be used. */
export type IssuerSecret =
  { secret: Uint8Array | undefined } | { trouble: 'unreadable' | 'open' | 'short' }

/** Reads the issuer's secret: one line, in a file that others than its owner cannot read. */
export function readIssuerSecret(file: string): IssuerSecret {
  const found = readPrivateFile(file)
  if ('trouble' in found) {
    return found.trouble === 'absent' ? { secret: undefined } : { trouble: 'unreadable' }
  }
  if ((found.mode & 0o077) !== 0) return { trouble: 'open' }
  const secret = Buffer.from(found.text.trim())
  return secret.length < shortestBytes ? { trouble: 'short' } : { secret }
}
