import type { Language } from '../texts.ts'

/** Everything that is said about a list of watches, in one language. */
export type FleetTexts = typeof import('../../../messages/fleet.en.json', {
  with: { type: 'json' },
})

/** Loads the texts about a list of watches in a language. */
export async function loadFleetTexts(language: Language): Promise<FleetTexts> {
  switch (language) {
    case 'en':
      return (await import('../../../messages/fleet.en.json', { with: { type: 'json' } })).default
    case 'ja':
      return (await import('../../../messages/fleet.ja.json', { with: { type: 'json' } })).default
  }
}
