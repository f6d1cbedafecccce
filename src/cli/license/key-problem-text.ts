import type { Division, KeyProblem } from '../../license/key.ts'
import { fill } from '../texts.ts'
import type { LicenseTexts } from './license-texts.ts'

/** Says in words which part of a key is wrong. */
export function keyProblemText(problem: KeyProblem, serial: string, texts: LicenseTexts): string {
  const words = texts.dialogue
  switch (problem.part) {
    case 'length':
      return fill(words.length, problem)
    case 'group':
      return fill(words.group, problem)
    case 'character':
      return fill(words.character, problem)
    case 'checksum':
      return fill(words.checksum, { serial })
    case 'version':
      return words.version
  }
}

/** Says that a key is of another division than the one that was chosen. */
export function otherDivisionText(division: Division, texts: LicenseTexts): string {
  return fill(texts.dialogue.otherDivision, { division: texts.division[division] })
}
