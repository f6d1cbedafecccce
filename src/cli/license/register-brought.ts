import type { Division } from '../../license/key.ts'
import { fill } from '../texts.ts'
import { askForLicense } from './dialogue.ts'
import { otherDivisionText } from './key-problem-text.ts'
import type { LicenseContext } from './license-context.ts'
import { readLicenseFile } from './license-file.ts'
import { LicenseRefusal } from './license-refusal.ts'
import type { LineInput } from './line-input.ts'
import { judgeKey, register, type NewLicense } from './register.ts'

/** Registers the licenses of a file, or the one that a person types. */
export async function registerBrought(
  file: string | undefined,
  context: LicenseContext,
  openInput: () => LineInput,
): Promise<void> {
  const licenses = file === undefined ? [await typed(context, openInput())] : written(file, context)
  await register(licenses, context)
}

async function typed(context: LicenseContext, input: LineInput): Promise<NewLicense> {
  const { texts, io } = context
  const problemOf = (serial: string, key: string, division: Division): string | undefined => {
    const judged = judgeKey({ serial, key }, context)
    if ('problem' in judged) return judged.problem
    return judged.terms.division === division
      ? undefined
      : otherDivisionText(judged.terms.division, texts)
  }
  const license = await askForLicense(input, io, texts, problemOf)
  const judged = judgeKey(license, context)
  if ('problem' in judged) throw new LicenseRefusal('notRegistered', judged.problem)
  return { ...license, terms: judged.terms }
}

function written(file: string, context: LicenseContext): NewLicense[] {
  const { texts } = context
  return readLicenseFile(file, texts).map(({ serial, key, line }) => {
    const judged = judgeKey({ serial, key }, context)
    if ('terms' in judged) return { serial, key, terms: judged.terms }
    const text = fill(texts.file.key, { file, line, reason: judged.problem })
    throw new LicenseRefusal('notRegistered', text)
  })
}
