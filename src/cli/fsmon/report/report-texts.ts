import type { Language } from '../../texts.ts'

/** What is said about reports, in one language. */
export type ReportTexts = typeof import('../../../../messages/report.en.json', {
  with: { type: 'json' },
})

/** Loads the texts about reports in a language. */
export async function loadReportTexts(language: Language): Promise<ReportTexts> {
  switch (language) {
    case 'en':
      return (await import('../../../../messages/report.en.json', { with: { type: 'json' } }))
        .default
    case 'ja':
      return (await import('../../../../messages/report.ja.json', { with: { type: 'json' } }))
        .default
  }
}
