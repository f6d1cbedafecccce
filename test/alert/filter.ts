import t from 'tap'
import { isAtLeast, passes, type Filter } from '../../src/alert/filter.ts'
import { sampleEntry } from '../helpers/sample-entry.ts'

const cases: [filter: Filter, expected: boolean][] = [
  [{}, true],
  [{ levels: ['error'] }, true],
  [{ levels: ['info'] }, false],
  [{ ids: [6, 7] }, true],
  [{ ids: [7] }, false],
  [{ modules: ['sambamon'] }, true],
  [{ modules: ['nfsmon'] }, false],
  [{ levels: ['error'], ids: [6], modules: ['nfsmon'] }, false],
]
for (const [filter, expected] of cases) {
  t.test(`${JSON.stringify(filter)} lets alert 6 pass: ${expected}`, async (t) => {
    t.equal(passes(filter, sampleEntry()), expected)
  })
}

t.test('what is no alert never passes, and one without a number is 0', async (t) => {
  t.equal(passes({}, sampleEntry({ kind: 'log' })), false)
  const { id, ...without } = sampleEntry()
  t.equal(id, 6)
  t.equal(passes({ ids: [0] }, without), true)
})

t.test('levels have an order', async (t) => {
  t.equal(isAtLeast('warn', sampleEntry({ level: 'error' })), true)
  t.equal(isAtLeast('warn', sampleEntry({ level: 'warn' })), true)
  t.equal(isAtLeast('warn', sampleEntry({ level: 'info' })), false)
})
