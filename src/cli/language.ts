import type { Language } from './texts.ts'

/** The language for explanations: what was asked for, else what the locale variables say, else English. */
export function chooseLanguage(
  asked: Language | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Language {
  if (asked !== undefined) return asked
  const locale = [environment.LC_ALL, environment.LC_MESSAGES, environment.LANG].find(
    (value) => value !== undefined && value !== '',
  )
  return locale?.startsWith('ja') ? 'ja' : 'en'
}
