import t from 'tap'
import { checkReport } from '../../../src/cli/monitor/check-report.ts'
import type { Outcome } from '../../../src/probe/probe.ts'
import { loadTexts } from '../../../src/cli/texts.ts'

const stages = [
  { name: 'connect', ms: 0.25 },
  { name: 'negotiate', ms: 1000.4 },
]
const texts = await loadTexts('en')

t.test(
  'a good check shows every stage with its time, what was seen, and the verdict',
  async (t) => {
    const detail = { dialect: '3.1.1', port: 445 }
    t.equal(
      checkReport({ kind: 'ok', stages, detail }, undefined, texts),
      [
        '  connect         0.25 ms',
        '  negotiate       1000 ms',
        'Seen: dialect=3.1.1 port=445',
        'OK: the server answered every step in 1001 ms.',
        '',
      ].join('\n'),
    )
  },
)

t.test('a failed check marks the stage and says what it means and what to do', async (t) => {
  const outcome = {
    kind: 'failed',
    stages,
    stage: 'negotiate',
    failure: 'timeout',
    cause: { id: 74, nn: 110 },
    reason: 'no answer',
    detail: {},
  } as const
  const explanation = { text: 'The text.', cause: 'The cause.', action: 'The action.' }
  t.equal(
    checkReport(outcome, explanation, texts),
    [
      '  connect         0.25 ms',
      '  negotiate       1000 ms  ✗',
      "FAILED in step 'negotiate' after 1001 ms: no answer",
      'Alert: The text.',
      'Cause: The cause.',
      'What to do: The action.',
      '',
    ].join('\n'),
  )
})

t.test('a check that could not judge says so and blames nobody', async (t) => {
  const outcome: Outcome = {
    kind: 'cannot-judge',
    stages: [],
    stage: 'connect',
    cause: { id: 71, nn: 24 },
    reason: 'EMFILE',
    detail: {},
  }
  t.equal(checkReport(outcome, undefined, texts), "CANNOT JUDGE in step 'connect': EMFILE\n")
  t.match(checkReport({ kind: 'aborted', stages: [] }, undefined, texts), /^CANNOT JUDGE/)
})
