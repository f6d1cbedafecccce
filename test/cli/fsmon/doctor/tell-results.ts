import t from 'tap'
import type { StepResult } from '../../../../src/doctor/finding.ts'
import { loadDoctorTexts } from '../../../../src/cli/fsmon/doctor/doctor-texts.ts'
import {
  resultJson,
  resultLines,
  verdictLine,
  wordsOf,
} from '../../../../src/cli/fsmon/doctor/tell-results.ts'

const mode = {
  grade: 'failure',
  what: 'mode',
  values: { path: '/run/clp-fsmon', is: '0755', mode: '0700' },
  mend: async () => undefined,
} as const
const results: [StepResult, StepResult] = [
  {
    name: 'node',
    ms: 1,
    findings: [{ grade: 'ok', what: 'fits', values: { version: 'v20' } }],
    mended: [],
  },
  {
    name: 'directories',
    ms: 2,
    findings: [mode, { grade: 'ok', what: 'well', values: { path: '/x' } }],
    mended: [],
  },
]

t.test('each finding has its line, with the remedy and its command below', async (t) => {
  const texts = await loadDoctorTexts('en')
  t.match(resultLines(results[0], texts), /^\[ ok \] Node\.js +Node\.js v20\n$/)
  const lines = resultLines(results[1], texts).split('\n')
  t.match(lines[0], /^\[FAIL\] Directories +\/run\/clp-fsmon is open to others \(mode 0755\)$/)
  t.match(lines[1], /^ +Close it\.$/)
  t.match(lines[2], /^ +→ chmod 0700 \/run\/clp-fsmon$/)
  t.match(lines[3], /^\[ ok \] +\/x$/)
  t.equal(
    verdictLine(results, texts),
    '1 failures, 0 warnings. Follow the remedies from above to below, and look again.\n',
  )
})

t.test('what was mended is told, and what could not be', async (t) => {
  const texts = await loadDoctorTexts('ja')
  const mended = [{ finding: mode }, { finding: mode, problem: 'EROFS' }]
  const said = resultLines({ name: 'directories', ms: 1, findings: [], mended }, texts)
  t.match(said, /\[修正\] ディレクトリ +修正しました: .*\n\[異常\].*EROFS/)
  t.match(verdictLine([], texts), /問題はありません/)
})

t.test('what a server says cannot play tricks on a terminal', async (t) => {
  const texts = await loadDoctorTexts('en')
  const finding = {
    grade: 'failure',
    what: 'notFound',
    values: { host: 'x', reason: '\x1b[2J' },
  } as const
  t.notMatch(resultLines({ name: 'names', ms: 1, findings: [finding], mended: [] }, texts), '\x1b')
})

t.test('a step may hang or break whatever it is, and an unknown finding is named', async (t) => {
  const texts = await loadDoctorTexts('en')
  const hangs = { grade: 'failure', what: 'hangs', values: { seconds: 15 } } as const
  t.match(wordsOf('names', hangs, texts), { text: 'not done within 15 s', remedy: /hangs/ })
  t.match(wordsOf('names', { grade: 'note', what: 'novel' }, texts), { text: 'novel' })
})

t.test('programs get the same as an object', async (t) => {
  const about = { host: 'h', now: new Date(0), exitStatus: 1 }
  const value: unknown = JSON.parse(resultJson(results, about, await loadDoctorTexts('en')))
  t.match(value, {
    version: 1,
    host: 'h',
    time: '1970-01-01T00:00:00.000Z',
    grade: 'failure',
    exitStatus: 1,
    steps: [
      { step: 'node', grade: 'ok', findings: [{ what: 'fits' }] },
      {
        step: 'directories',
        findings: [{ grade: 'failure', command: 'chmod 0700 /run/clp-fsmon', canMend: true }, {}],
      },
    ],
  })
})
