import type { Language } from '../texts.ts'

/** What is said in the views of watches and alerts, in one language. */
export type ViewTexts = typeof import('../../../messages/view.en.json', {
  with: { type: 'json' },
})

/** Loads the texts of the views in a language. */
export async function loadViewTexts(language: Language): Promise<ViewTexts> {
  switch (language) {
    case 'en':
      return (await import('../../../messages/view.en.json', { with: { type: 'json' } })).default
    case 'ja':
      return (await import('../../../messages/view.ja.json', { with: { type: 'json' } })).default
  }
}
