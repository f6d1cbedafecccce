import type { Language } from '../texts.ts'

/** Everything that is said about the configuration, in one language. */
export type ConfigTexts = typeof import('../../../messages/config.en.json', {
  with: { type: 'json' },
})

/** Loads the texts about the configuration in a language. */
export async function loadConfigTexts(language: Language): Promise<ConfigTexts> {
  switch (language) {
    case 'en':
      return (await import('../../../messages/config.en.json', { with: { type: 'json' } })).default
    case 'ja':
      return (await import('../../../messages/config.ja.json', { with: { type: 'json' } })).default
  }
}
