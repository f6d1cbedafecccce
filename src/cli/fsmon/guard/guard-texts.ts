import type { Language } from '../../texts.ts'

/** What is said about guarding monitors, in one language. */
export type GuardTexts = typeof import('../../../../messages/guard.en.json', {
  with: { type: 'json' },
})

/** Loads the texts about guarding monitors in a language. */
export async function loadGuardTexts(language: Language): Promise<GuardTexts> {
  switch (language) {
    case 'en':
      return (await import('../../../../messages/guard.en.json', { with: { type: 'json' } }))
        .default
    case 'ja':
      return (await import('../../../../messages/guard.ja.json', { with: { type: 'json' } }))
        .default
  }
}
