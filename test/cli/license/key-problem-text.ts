import t from 'tap'
import { keyProblemText, otherDivisionText } from '../../../src/cli/license/key-problem-text.ts'
import { loadLicenseTexts } from '../../../src/cli/license/license-texts.ts'

t.test('each part of a key that can be wrong has words in both languages', async (t) => {
  const problems = [
    { part: 'length', symbols: 31 },
    { part: 'group', group: 2, symbols: 7 },
    { part: 'character', character: 'O', group: 3, place: 4 },
    { part: 'checksum' },
    { part: 'version' },
  ] as const
  for (const language of ['en', 'ja'] as const) {
    const texts = await loadLicenseTexts(language)
    const said = problems.map((problem) => keyProblemText(problem, 'AB123456', texts))
    t.equal(new Set(said).size, problems.length)
    t.notMatch(said.join(), /[{}]/, 'nothing is left open')
    t.match(said[0], '31')
    t.match(said[3], 'AB123456')
    t.not(otherDivisionText('trial', texts), otherDivisionText('product', texts))
  }
})
