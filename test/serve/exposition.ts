import t from 'tap'
import { expose, formatFor, labelText, type Family } from '../../src/serve/exposition.ts'

const families: Family[] = [
  {
    name: 'a_checks',
    type: 'counter',
    help: 'a "b" \\ c\nd',
    samples: [
      { suffix: '_total', labels: labelText({ target: 'a"b\\c\nd', other: '' }), value: 3 },
      { suffix: '_total', labels: '', value: 0.5 },
    ],
  },
  {
    name: 'a_build',
    type: 'info',
    help: 'x',
    samples: [{ suffix: '_info', labels: '', value: 1 }],
  },
  {
    name: 'a_gauge',
    type: 'gauge',
    help: 'x',
    samples: [NaN, Infinity, -Infinity].map((value) => ({ suffix: '', labels: '', value })),
  },
]

t.test('the older form names families after their samples', async (t) => {
  t.equal(
    expose(families, 'prometheus').toString(),
    [
      '# HELP a_checks_total a "b" \\\\ c\\nd',
      '# TYPE a_checks_total counter',
      'a_checks_total{target="a\\"b\\\\c\\nd",other=""} 3',
      'a_checks_total 0.5',
      '# HELP a_build_info x',
      '# TYPE a_build_info gauge',
      'a_build_info 1',
      '# HELP a_gauge x',
      '# TYPE a_gauge gauge',
      'a_gauge NaN',
      'a_gauge +Inf',
      'a_gauge -Inf',
      '',
    ].join('\n'),
  )
})

t.test('OpenMetrics has families of their own names, and an end', async (t) => {
  const text = expose(families, 'openmetrics').toString()
  t.match(text, '# HELP a_checks a \\"b\\" \\\\ c\\nd\n# TYPE a_checks counter\na_checks_total{')
  t.match(text, '# TYPE a_build info\na_build_info 1\n')
  t.match(text, /\n# EOF\n$/)
})

t.test('lines that were put into words before are told where they belong', async (t) => {
  const ready = [Buffer.from('a{x="é"} 1\n'), Buffer.from('a{x="b"} 2\n')]
  const family = { name: 'a', type: 'gauge', help: 'x', samples: [], ready } as const
  const after = { name: 'b', type: 'gauge', help: 'x', samples: [] } as const
  t.equal(
    expose(
      [
        { ...family, samples: [] },
        { ...after, samples: [] },
      ],
      'openmetrics',
    ).toString(),
    '# HELP a x\n# TYPE a gauge\na{x="é"} 1\na{x="b"} 2\n# HELP b x\n# TYPE b gauge\n# EOF\n',
  )
})

t.test('the form is the one that is asked for', async (t) => {
  const prometheus =
    'application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'
  t.equal(formatFor(prometheus), 'openmetrics')
  for (const accept of [undefined, '', '*/*', 'text/plain', 'application/openmetrics-text;q=0']) {
    t.equal(formatFor(accept), 'prometheus', String(accept))
  }
})
