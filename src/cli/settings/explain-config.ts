import type { ConfigProblem } from '../../config/config-error.ts'
import { visible } from '../../alert/lines.ts'
import { fill } from '../texts.ts'
import type { ConfigTexts } from './config-texts.ts'

/** One problem as a line: FILE:LINE: KEY: what is wrong; what is allowed. */
export function explainConfig(problem: ConfigProblem, texts: ConfigTexts): string {
  const { file, line, key, trouble, near, values } = problem
  const where = line === 0 ? file : `${file}:${line}`
  const what = fill(texts.problem[trouble], values)
  const hint = near === undefined ? '' : ` (${fill(texts.near, { near })})`
  return visible(`${where}: ${key === '' ? texts.whole : key}: ${what}${hint}`)
}
