import t from 'tap'
import { withDefaults } from '../../../src/cli/monitor/with-defaults.ts'

const of = (values: Record<string, string | number | boolean>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { value, key: `defaults.${name}`, line: 1 },
    ]),
  )

type Values = Record<string, string | number | boolean>
const cases: [what: string, given: Values, defaults: Values, all: Values][] = [
  ['a default fills in', { a: 1 }, { wait: 9 }, { a: 1, wait: 9 }],
  ['what is given wins', { wait: 1 }, { wait: 9 }, { wait: 1 }],
  ['a switch that is off is not there', {}, { encrypt: false }, {}],
  ['a switch that is on is', {}, { encrypt: true }, { encrypt: true }],
  ['a path goes with a depth', {}, { path: 'f', depth: 'read' }, { path: 'f', depth: 'read' }],
  ['a path without one is left out', {}, { path: 'f' }, {}],
  [
    'a depth that is given counts',
    { depth: 'share' },
    { path: 'f', depth: 'read' },
    { depth: 'share' },
  ],
  ['to write as well', { depth: 'write' }, { path: 'f' }, { depth: 'write', path: 'f' }],
  ['thresholds go with --nagios', {}, { warning: 1, critical: 2 }, {}],
  [
    'and only with it',
    { nagios: true },
    { warning: 1, critical: 2 },
    { nagios: true, warning: 1, critical: 2 },
  ],
  ['a user that is given', { user: 'u' }, { credentials: '/c' }, { user: 'u' }],
  [
    'credentials that are given',
    { credentials: '/c' },
    { user: 'u', domain: 'D' },
    { credentials: '/c' },
  ],
  ['a domain goes with a user', {}, { domain: 'D' }, {}],
  ['of the defaults', {}, { domain: 'D', user: 'u' }, { domain: 'D', user: 'u' }],
  ['or credentials', {}, { domain: 'D', credentials: '/c' }, { domain: 'D', credentials: '/c' }],
  ['or one that is given', { user: 'u' }, { domain: 'D' }, { domain: 'D', user: 'u' }],
]
for (const [what, given, defaults, all] of cases) {
  t.test(`${what}: ${JSON.stringify(given)} with ${JSON.stringify(defaults)}`, async (t) => {
    const found = withDefaults(given, of(defaults))
    t.strictSame(found.all, all)
    t.strictSame(
      Object.keys(found.used).filter((name) => found.used[name]?.value !== false),
      Object.keys(all).filter((name) => given[name] === undefined),
    )
  })
}
