import type { Language } from '../texts.ts'

/** What is said about templates, in one language. */
export type TemplateTexts = typeof import('../../../messages/template.en.json', {
  with: { type: 'json' },
})

/** Loads the texts about templates in a language. */
export async function loadTemplateTexts(language: Language): Promise<TemplateTexts> {
  switch (language) {
    case 'en':
      return (await import('../../../messages/template.en.json', { with: { type: 'json' } }))
        .default
    case 'ja':
      return (await import('../../../messages/template.ja.json', { with: { type: 'json' } }))
        .default
  }
}
