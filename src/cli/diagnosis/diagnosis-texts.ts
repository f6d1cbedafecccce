import { fill, type Language } from '../texts.ts'

/** What is said about diagnoses, in one language. */
export type DiagnosisTexts = typeof import('../../../messages/diagnosis.en.json', {
  with: { type: 'json' },
})

/** Loads the texts about diagnoses in a language. */
export async function loadDiagnosisTexts(language: Language): Promise<DiagnosisTexts> {
  switch (language) {
    case 'en':
      return (await import('../../../messages/diagnosis.en.json', { with: { type: 'json' } }))
        .default
    case 'ja':
      return (await import('../../../messages/diagnosis.ja.json', { with: { type: 'json' } }))
        .default
  }
}

/** A cause in one sentence; one of another version keeps its name. */
export function causeText(
  { key, values }: { key: string; values: Readonly<Record<string, string | number>> },
  texts: DiagnosisTexts,
): string {
  const known: Readonly<Record<string, string>> = texts.cause
  return fill(known[key] ?? key, values)
}
