import type { Language } from '../../texts.ts'

/** What is said about the inventory, in one language. */
export type InventoryTexts = typeof import('../../../../messages/inventory.en.json', {
  with: { type: 'json' },
})

/** Loads the texts about the inventory in a language. */
export async function loadInventoryTexts(language: Language): Promise<InventoryTexts> {
  switch (language) {
    case 'en':
      return (await import('../../../../messages/inventory.en.json', { with: { type: 'json' } }))
        .default
    case 'ja':
      return (await import('../../../../messages/inventory.ja.json', { with: { type: 'json' } }))
        .default
  }
}
