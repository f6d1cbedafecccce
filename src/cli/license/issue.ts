import { issueKey, type Terms } from '../../license/key.ts'
import { fill } from '../texts.ts'
import { issuingSecret, type LicenseContext } from './license-context.ts'
import { issuerFile } from './license-places.ts'

/** Prints a key, and nothing else, on standard output. */
export function issue(serial: string, terms: Terms, context: LicenseContext): void {
  const { product, places, io, texts } = context
  const { secret, isPublic } = issuingSecret(context)
  io.out(`${issueKey(terms, { product, serial }, secret)}\n`)
  if (isPublic) io.err(`${fill(texts.result.publicSecret, { issuer: issuerFile(places) })}\n`)
}
