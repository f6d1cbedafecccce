import type { Language } from '../../texts.ts'

/** What `clp_fsmon doctor` says, in one language. */
export type DoctorTexts = typeof import('../../../../messages/doctor.en.json', {
  with: { type: 'json' },
})

/** Loads the texts of the doctor in a language. */
export async function loadDoctorTexts(language: Language): Promise<DoctorTexts> {
  switch (language) {
    case 'en':
      return (await import('../../../../messages/doctor.en.json', { with: { type: 'json' } }))
        .default
    case 'ja':
      return (await import('../../../../messages/doctor.ja.json', { with: { type: 'json' } }))
        .default
  }
}
