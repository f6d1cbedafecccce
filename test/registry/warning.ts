import t from 'tap'
import { areWarnings } from '../../src/registry/warning.ts'

const warning = { id: 101, since: '2026-01-01T00:00:00.000Z', text: '840 ms, session' }

t.test('a list of warnings is known, and nothing else taken for one', async (t) => {
  for (const good of [[], [warning], [warning, { ...warning, id: 103 }]]) t.ok(areWarnings(good))
  const bad = [
    undefined,
    null,
    {},
    'x',
    [null],
    ['x'],
    [{ ...warning, id: '1' }],
    [{ ...warning, since: 1 }],
    [{ id: 1, since: '' }],
    [{ ...warning, text: 'x'.repeat(1001) }],
    Array.from({ length: 101 }, () => warning),
  ]
  for (const each of bad) t.notOk(areWarnings(each), JSON.stringify(each)?.slice(0, 60))
})
