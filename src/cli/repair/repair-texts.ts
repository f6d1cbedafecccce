import type { Language } from '../texts.ts'

/** What is said about repairs, in one language. */
export type RepairTexts = typeof import('../../../messages/repair.en.json', {
  with: { type: 'json' },
})

/** Loads the texts about repairs in a language. */
export async function loadRepairTexts(language: Language): Promise<RepairTexts> {
  switch (language) {
    case 'en':
      return (await import('../../../messages/repair.en.json', { with: { type: 'json' } })).default
    case 'ja':
      return (await import('../../../messages/repair.ja.json', { with: { type: 'json' } })).default
  }
}
