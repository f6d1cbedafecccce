import t from 'tap'
import { CredentialsError } from '../../../src/cli/monitor/credentials-file.ts'
import { explainProblem } from '../../../src/cli/monitor/explain-problem.ts'
import { ParameterError } from '../../../src/cli/parameter-error.ts'
import { loadTexts } from '../../../src/cli/texts.ts'

t.test('option, value and what is allowed are named', async (t) => {
  const error = new ParameterError(11, 'out-of-range', {
    option: '-i',
    value: '0',
    allowed: '1..10000',
  })
  t.equal(
    explainProblem(error, await loadTexts('en')),
    'The value 0 of option -i is out of range; allowed is 1..10000.',
  )
  t.match(explainProblem(error, await loadTexts('ja')), /-i.*0.*1\.\.10000/)
})

t.test('a credentials file is named with the reason and the way out', async (t) => {
  const error = new CredentialsError('/c', 'mode', { mode: '0644' })
  const text = explainProblem(error, await loadTexts('en'))
  t.match(text, /'\/c' of option --credentials/)
  t.match(text, /0644.*chmod 600 \/c/)
})
