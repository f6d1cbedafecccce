import t from 'tap'
import { ParameterError } from '../../src/cli/parameter-error.ts'
import { loadTexts } from '../../src/cli/texts.ts'

t.test('it carries the alert, the problem and what to fill into its explanation', async (t) => {
  const error = new ParameterError(12, 'missing-target', { option: '-s', command: 'clp_sambamon' })
  t.match(error, { alertId: 12, problem: 'missing-target', values: { option: '-s' } })
  t.match(error.message, /missing-target/)
  t.strictSame(new ParameterError(11, 'doubled').values, {})
  t.type((await loadTexts('en')).problem[error.problem], 'string')
})
