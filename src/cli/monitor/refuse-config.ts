import type { ConfigError } from '../../config/config-error.ts'
import { loadConfigTexts } from '../settings/config-texts.ts'
import { explainConfig } from '../settings/explain-config.ts'
import { fill, type Language } from '../texts.ts'

/** Everything that keeps the defaults from being used, a line each, and what that means. */
export async function refuseConfig(error: ConfigError, language: Language): Promise<string[]> {
  const texts = await loadConfigTexts(language)
  const { problems } = error
  return [
    ...problems.map((problem) => explainConfig(problem, texts)),
    fill(texts.monitorRefused, { file: problems[0]?.file ?? '' }),
  ]
}
