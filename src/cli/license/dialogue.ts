import type { Division } from '../../license/key.ts'
import { isSerial } from '../../license/serial.ts'
import { fill } from '../texts.ts'
import { LicenseRefusal } from './license-refusal.ts'
import type { LicenseTexts } from './license-texts.ts'
import type { LineInput } from './line-input.ts'

/** The manual's prompts, to the letter in every language: people follow the manual, scripts expect them. */
export const prompts = {
  selection: 'Selection of product division\n 1. Product\n 2. Trial\n',
  division: 'Select product division [1 or 2]...',
  serial: 'Enter serial number [Ex. XX000000]... ',
  key: 'Enter license key\n[Ex. XXXXXXXX-XXXXXXXX-XXXXXXXX-XXXXXXXX]...\n',
} as const

/** Judges a key for a serial number: nothing, or what is wrong with it in words. */
export type JudgeKey = (serial: string, key: string, division: Division) => string | undefined

/** Asks for a license as the manual does: three tries for each answer. */
export async function askForLicense(
  input: LineInput,
  say: { out: (text: string) => void; err: (text: string) => void },
  texts: LicenseTexts,
  judgeKey: JudgeKey,
): Promise<{ serial: string; key: string }> {
  const words = texts.dialogue
  const ask = async (
    prompt: string,
    judge: (answer: string) => string | undefined,
  ): Promise<string> => {
    for (let left = 2; ; left--) {
      say.out(prompt)
      const line = await input.next()
      // Without a terminal nobody's Enter key has ended the line.
      if ((!input.isTerminal || line === undefined) && !prompt.endsWith('\n')) say.out('\n')
      if (line === undefined) throw new LicenseRefusal('inputEnded', words.ended)
      const answer = line.trim()
      const problem = judge(answer)
      if (problem === undefined) return answer
      if (left === 0) throw new LicenseRefusal('notRegistered', `${problem}\n${words.noTryLeft}`)
      say.err(`${problem} ${fill(words.triesLeft, { left })}\n`)
    }
  }
  say.out(prompts.selection)
  const choice = await ask(prompts.division, (answer) =>
    answer === '1' || answer === '2' ? undefined : fill(words.division, { value: answer }),
  )
  const division = choice === '1' ? 'product' : 'trial'
  const serial = await ask(prompts.serial, (answer) =>
    isSerial(answer) ? undefined : fill(words.serial, { value: answer }),
  )
  const key = await ask(prompts.key, (answer) => judgeKey(serial, answer, division))
  return { serial, key }
}
