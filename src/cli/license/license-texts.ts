import type { Language } from '../texts.ts'

/** Everything that `clplcnsc` says to people, in one language. */
export type LicenseTexts = typeof import('../../../messages/license.en.json', {
  with: { type: 'json' },
})

/** Loads the texts about licenses in a language. */
export async function loadLicenseTexts(language: Language): Promise<LicenseTexts> {
  switch (language) {
    case 'en':
      return (await import('../../../messages/license.en.json', { with: { type: 'json' } })).default
    case 'ja':
      return (await import('../../../messages/license.ja.json', { with: { type: 'json' } })).default
  }
}
