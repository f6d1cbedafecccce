import t from 'tap'
import { statusTable } from '../../../src/cli/fsmon/status-table.ts'
import { loadTexts } from '../../../src/cli/texts.ts'
import type { Entry } from '../../../src/registry/registry.ts'
import { sampleRecord } from '../../helpers/record.ts'

const texts = await loadTexts('en')

t.test('monitors stand in columns, in the order of their IDs', async (t) => {
  const ended = { at: '2026-11-21T01:00:00.000Z', how: 'stopped', exitStatus: 0 }
  const entries = new Map<string, Entry>([
    ['zz', { kind: 'live', record: sampleRecord({ id: 'zz', state: 'paused' }) }],
    ['b', { kind: 'ended', record: sampleRecord({ id: 'b', ended }) }],
    ['aaaa', { kind: 'dead', record: sampleRecord({ id: 'aaaa', failures: 2 }) }],
    ['gone', { kind: 'none' }],
  ])
  const lines = statusTable(entries, texts).trimEnd().split('\n')
  t.equal(lines.length, 4)
  const column = lines[0]?.indexOf('COMMAND') ?? -1
  t.ok(lines.slice(1).every((line) => line.indexOf('clp_sambamon') === column))
  t.match(lines[1], /^aaaa .*dead .* 2\/6 /)
  t.match(lines[2], /^b .*ended /)
  t.match(lines[3], /^zz .*paused /)
})

t.test('of the probable causes the first one is shown', async (t) => {
  const causes = ['a', 'b'].map((key) => ({ key, text: `it is ${key}`, values: {} }))
  const record = sampleRecord({ diagnosis: { at: '2026-11-21T00:00:05.000Z', causes } })
  const table = statusTable(new Map([['x', { kind: 'live', record }]]), texts)
  t.match(table, / none yet; probable cause: it is a \(a\) /)
  t.notMatch(table, 'it is b')
})

t.test('a damaged record is named under the table, or alone', async (t) => {
  const damaged: Entry = { kind: 'unreadable', reason: 'it is not JSON', isLive: false }
  t.equal(statusTable(new Map([['x', damaged]]), texts), 'x: damaged record (it is not JSON)\n')
})

t.test('Japanese characters take two columns each', async (t) => {
  const entries = new Map<string, Entry>([
    ['a', { kind: 'live', record: sampleRecord({ target: '共有' }) }],
    ['z', { kind: 'live', record: sampleRecord({ id: 'z', target: 'target' }) }],
  ])
  const [, first, second] = statusTable(entries, texts).split('\n')
  t.match(first, '共有    watching')
  t.match(second, 'target  watching')
})

t.test('a name that would move the cursor is shown as what it is', async (t) => {
  const entries = new Map<string, Entry>([
    ['a', { kind: 'live', record: sampleRecord({ target: 'a\x1b[2J\nb' }) }],
  ])
  const text = statusTable(entries, texts)
  t.notMatch(text, '\x1b')
  t.match(text, 'a\\u001b[2J\\u000ab')
  t.equal(text.split('\n').length, 3)
})

t.test('two records of the same ID are both shown', async (t) => {
  const entries = new Map<string, Entry>([
    ['a', { kind: 'live', record: sampleRecord() }],
    ['b', { kind: 'live', record: sampleRecord() }],
  ])
  t.equal(statusTable(entries, texts).split('\n').length, 4)
})

t.test(
  'beside the last check of a process with many watches stands how punctual they are',
  async (t) => {
    const lateness = { checks: 9, p50Ms: 0, p99Ms: 12, mostMs: 40 }
    const entries = new Map<string, Entry>([
      ['a', { kind: 'live', record: sampleRecord({ lateness }) }],
    ])
    t.match(statusTable(entries, texts), /; late p50 0 ms, p99 12 ms, max 40 ms +\d+\n$/)
  },
)
