import t from 'tap'
import { decodeRecord, encodeRecord } from '../../src/registry/record.ts'
import { sampleRecord } from '../helpers/sample-record.ts'
import { fullTally } from '../helpers/sample-tally.ts'

const record = sampleRecord()
const text = encodeRecord(record)

t.test('a record is read as it was written', (t) => {
  t.same(decodeRecord(text), { kind: 'record', record })
  const { lastCheck: _, nextCheck: __, pausedSince: ___, ended: ____, ...least } = record
  t.same(decodeRecord(encodeRecord(least)), { kind: 'record', record: least })
  t.end()
})

t.test('a diagnosis that is none is left out', (t) => {
  const diagnosis = { at: 'x', causes: [{ key: 'k', text: 't', values: { n: 1 } }] }
  const whole = { ...record, diagnosis }
  t.same(decodeRecord(encodeRecord(whole)), { kind: 'record', record: whole })
  const wrong = JSON.stringify({ ...record, diagnosis: { at: 1 } })
  t.same(decodeRecord(wrong), { kind: 'record', record })
  t.end()
})

t.test('a record cut short at any byte is damaged, and no more', (t) => {
  const whole = Buffer.from(text)
  for (let length = 0; length < whole.length - 1; length += 1) {
    t.equal(decodeRecord(whole.toString('utf8', 0, length)).kind, 'damaged')
  }
  t.end()
})

t.test('garbage is damaged', (t) => {
  for (const garbage of ['', '\0\0\0', 'null', '[]', '1', '"x"', '{}', '{"version":"1"}', '[[[[']) {
    t.equal(decodeRecord(garbage).kind, 'damaged', garbage)
  }
  t.match(decodeRecord(''), { reason: 'it is empty' })
  t.match(decodeRecord('x'), { reason: 'it is not JSON' })
  t.match(decodeRecord('{}'), { reason: 'it has no version' })
  t.end()
})

t.test('a record with any one field missing that it needs, or of another type, is damaged', (t) => {
  const optional = new Set([
    'lastCheck',
    'nextCheck',
    'pausedSince',
    'ended',
    'uptimeMs',
    'succeeded',
  ])
  for (const name of Object.keys(record).filter((key) => key !== 'tally')) {
    const { [name]: _, ...without } = record as Record<string, unknown>
    const kind = decodeRecord(JSON.stringify(without)).kind
    t.equal(kind, optional.has(name) ? 'record' : 'damaged', `without ${name}`)
    const otherType = name === 'succeeded' ? 1 : true
    for (const wrong of [null, [], name === 'options' ? { a: {} } : {}, otherType, [{}]]) {
      t.equal(decodeRecord(JSON.stringify({ ...record, [name]: wrong })).kind, 'damaged', name)
    }
  }
  t.end()
})

t.test('a tally of another form is left out, for nothing hangs on it', (t) => {
  const { tally: _, ...without } = record
  for (const wrong of [null, [], {}, true, { ...record.tally, stages: [{ name: 'x' }] }]) {
    t.same(decodeRecord(JSON.stringify({ ...record, tally: wrong })), {
      kind: 'record',
      record: without,
    })
  }
  t.end()
})

t.test('the tally comes last, whatever was added to the record later', (t) => {
  const later = { ...record, ended: { at: '', how: 'abnormal', exitStatus: 1 } }
  t.equal(Object.keys(JSON.parse(encodeRecord(later)) as object).at(-1), 'tally')
  t.end()
})

t.test('a record stays below 8 KiB, with the longest reason and all that can be counted', (t) => {
  const { lastCheck } = record
  const stages = fullTally().stages.map(({ name }) => ({ name, ms: 10_000.123 }))
  const longest = {
    ...record,
    tally: fullTally(),
    lastCheck: { ...lastCheck, at: '', ms: 1, verdict: 'failed', reason: 'x'.repeat(1000), stages },
  } as const
  t.ok(Buffer.byteLength(encodeRecord(longest)) < 8192, `${encodeRecord(longest).length}`)
  t.end()
})

t.test('fields within fields are looked at as well', (t) => {
  const wrong = [
    { lastCheck: { ...record.lastCheck, stages: [1] } },
    { lastCheck: { ...record.lastCheck, stages: [{ name: 'x' }] } },
    { lastCheck: { ...record.lastCheck, stages: 1 } },
    { lastCheck: { ...record.lastCheck, reason: 1 } },
    { ended: { ...record.ended, exitStatus: '0' } },
    { process: { ...record.process, pid: '1' } },
    { state: 'unheard of' },
    { version: 0 },
  ]
  for (const fields of wrong) {
    t.equal(decodeRecord(JSON.stringify({ ...record, ...fields })).kind, 'damaged')
  }
  t.end()
})

t.test('a record of a later version names its process where it still can', (t) => {
  t.same(decodeRecord(JSON.stringify({ version: 2, process: record.process, other: {} })), {
    kind: 'future',
    version: 2,
    process: record.process,
  })
  t.same(decodeRecord('{"version":99,"process":7}'), { kind: 'future', version: 99 })
  t.end()
})
