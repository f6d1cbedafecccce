import t from 'tap'
import {
  nagiosLine,
  nagiosUnknown,
  type NagiosResult,
} from '../../../src/cli/monitor/nagios-line.ts'
import { loadTexts } from '../../../src/cli/texts.ts'
import { parseNagiosOutput } from '../../helpers/nagios-output.ts'

const texts = await loadTexts('en')
const stages = [
  { name: 'connect', ms: 0.25 },
  { name: 'tree', ms: 2000 },
]
const failed = {
  kind: 'failed',
  stages,
  stage: 'tree',
  failure: 'timeout',
  cause: { id: 74, nn: 110 },
  reason: 'tree: no answer in time',
  detail: {},
} as const
const good: NagiosResult = {
  command: 'clp_sambamon',
  target: 'pub',
  address: '192.0.2.1',
  outcome: { kind: 'ok', stages, detail: {} },
  ms: 2001,
  deadlineS: 60,
  thresholds: { warningS: undefined, criticalS: undefined },
}

function said(changes: Partial<NagiosResult>) {
  const { line, status } = nagiosLine({ ...good, ...changes }, texts)
  return { status, ...parseNagiosOutput(line) }
}

t.test('a good check is OK, with the seconds of the whole and of every stage', async (t) => {
  t.equal(
    nagiosLine(good, texts).line,
    'SAMBA OK - pub at 192.0.2.1 answered in 2.001 s | time=2.001s;;;0;60 connect=0.000s;;;0 tree=2.000s;;;0\n',
  )
  t.equal(nagiosLine(good, texts).status, 0)
})

t.test('above a threshold it is WARNING or CRITICAL, at it neither', async (t) => {
  for (const [warningS, criticalS, level, status] of [
    [2.001, 5, 'OK', 0],
    [2, 2.001, 'WARNING', 1],
    [2, undefined, 'WARNING', 1],
    [1, 2, 'CRITICAL', 2],
    [undefined, 0.5, 'CRITICAL', 2],
  ] as const) {
    const result = said({ thresholds: { warningS, criticalS } })
    t.match(result, { level, status })
    const [warning, critical] = [warningS ?? '', criticalS ?? ''].map(String)
    t.match(result.figures[0], { label: 'time', unit: 's', warning, critical, min: '0', max: '60' })
  }
  const { text } = said({ thresholds: { warningS: 2, criticalS: undefined } })
  t.match(text, /answered in 2\.001 s, more than 2 s$/)
})

t.test('a server that fails is CRITICAL, a silent one too', async (t) => {
  t.match(said({ outcome: failed }), {
    level: 'CRITICAL',
    status: 2,
    text: 'pub at 192.0.2.1: tree: no answer in time',
  })
})

t.test('what cannot be judged is UNKNOWN', async (t) => {
  const { failure: _, ...rest } = failed
  t.match(said({ outcome: { ...rest, kind: 'cannot-judge' } }), { level: 'UNKNOWN', status: 3 })
  t.match(said({ outcome: { kind: 'aborted', stages } }), { level: 'UNKNOWN', status: 3 })
  const { line, status } = nagiosUnknown('clp_nfsmon', 'no such option')
  t.equal(status, 3)
  t.match(parseNagiosOutput(line), { service: 'NFS', level: 'UNKNOWN', figures: [] })
})

t.test('no text and no name can break the line', async (t) => {
  const result = said({
    target: 'a|b\n c=1',
    outcome: {
      kind: 'ok',
      stages: [...stages, { name: "odd one's=|", ms: 1 }, { name: 'tree', ms: 1 }],
      detail: {},
    },
  })
  t.match(result.text, /^a\/b c=1 at/)
  t.strictSame(
    result.figures.map(({ label, value }) => [label, value]),
    [
      ['time', 2.001],
      ['connect', 0],
      ['tree', 2.001],
      ["'odd one_s__'", 0.001],
    ],
  )
})

t.test('the strict parser refuses what the guidelines do', async (t) => {
  for (const wrong of [
    '',
    'OK\n',
    'SAMBA OK - a | b=1s | c=2s\n',
    'SAMBA OK - a\nb\n',
    'S OK - a | b=s\n',
    'S OK - a | b=1 b=2\n',
  ]) {
    t.throws(() => parseNagiosOutput(wrong), wrong)
  }
})
