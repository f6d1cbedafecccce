/** Everything the commands say to people, in one language. */
export type Texts = typeof import('../../messages/cli.en.json', {
  with: { type: 'json' },
})

/** The languages there are texts for. */
export type Language = 'en' | 'ja'

/** Loads the texts of a language; only what is shown costs memory. */
export async function loadTexts(language: Language): Promise<Texts> {
  switch (language) {
    case 'en':
      return (await import('../../messages/cli.en.json', { with: { type: 'json' } })).default
    case 'ja':
      return (await import('../../messages/cli.ja.json', { with: { type: 'json' } })).default
  }
}

/** Fills the open places of a text: `{name}` becomes the value of that name. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (open, name: string) => String(values[name] ?? open))
}
