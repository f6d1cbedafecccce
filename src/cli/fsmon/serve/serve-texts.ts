import type { Language } from '../../texts.ts'

/** What is said about the server, in one language. */
export type ServeTexts = typeof import('../../../../messages/serve.en.json', {
  with: { type: 'json' },
})

/** Loads the texts about the server in a language. */
export async function loadServeTexts(language: Language): Promise<ServeTexts> {
  switch (language) {
    case 'en':
      return (await import('../../../../messages/serve.en.json', { with: { type: 'json' } }))
        .default
    case 'ja':
      return (await import('../../../../messages/serve.ja.json', { with: { type: 'json' } }))
        .default
  }
}
