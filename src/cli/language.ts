import type { Language } from './texts.ts'

/** The language that words ask for, be they right or wrong otherwise. */
export function askedLanguage(argv: readonly string[]): Language | undefined {
  const words = argv.flatMap((word, at) => {
    if (word === '--lang') return argv[at + 1] ?? []
    return word.startsWith('--lang=') ? word.slice('--lang='.length) : []
  })
  return words.find((word) => word === 'ja' || word === 'en')
}

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
