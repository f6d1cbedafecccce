import { readFileSync } from 'node:fs'

declare const CLP_FSMON_VERSION: string | undefined

/** The product's version; the build writes it in, the sources read it from package.json. */
export const version: string =
  typeof CLP_FSMON_VERSION === 'string' ? CLP_FSMON_VERSION : fromPackage()

function fromPackage(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return /"version": "([^"]*)"/.exec(text)?.[1] ?? '0.0.0'
}
