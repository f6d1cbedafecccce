import t from 'tap'
import { dispText, duration, lastCheckText, localTime } from '../../../src/cli/monitor/disp-text.ts'
import { loadTexts } from '../../../src/cli/texts.ts'
import { sampleRecord } from '../../helpers/record.ts'

const texts = await loadTexts('en')
const now = new Date('2026-11-21T02:03:05.000Z')

t.test('the process ID comes first, alone on its line, as ever', async (t) => {
  const record = sampleRecord()
  const [first, ...rest] = dispText({ kind: 'live', record }, texts, now).split('\n')
  t.equal(first, String(record.process.pid))
  t.match(rest.join('\n'), /^state: watching\n/)
  t.match(rest.join('\n'), 'target: pub @ 192.0.2.10')
  t.match(rest.join('\n'), 'failures in a row: 0 of 6')
  t.match(rest.join('\n'), 'worst-case detection: 540 s')
  t.match(rest.join('\n'), 'last check: none yet')
})

t.test('a pause is shown with its age, the next check with its time', async (t) => {
  const pausedSince = '2026-11-21T00:00:05.000Z'
  const nextCheck = '2026-11-21T02:04:00.000Z'
  const record = sampleRecord({ state: 'paused', pausedSince, nextCheck })
  const text = dispText({ kind: 'live', record }, texts, now)
  t.match(text, 'state: paused')
  t.match(text, 'paused for: 2 h 3 min')
  t.match(text, `next check: ${localTime(nextCheck)}`)
})

t.test('an end is shown with its reason and status, a vanished process as dead', async (t) => {
  const ended = { at: '2026-11-21T01:00:00.000Z', how: 'abnormal', exitStatus: 1 }
  const record = sampleRecord({ ended, nextCheck: '2026-11-21T02:04:00.000Z' })
  const text = dispText({ kind: 'ended', record }, texts, now)
  t.match(text, 'state: ended')
  t.match(text, `ended: ${localTime(ended.at)} (abnormal, 1)`)
  t.notMatch(text, 'next check')
  t.match(dispText({ kind: 'dead', record: sampleRecord() }, texts, now), 'state: dead')
})

t.test('probable causes are shown, the most probable first', async (t) => {
  const causes = ['a', 'b'].map((key) => ({ key, text: `it is ${key}`, values: {} }))
  const record = sampleRecord({ diagnosis: { at: '2026-11-21T00:00:05.000Z', causes } })
  const text = dispText({ kind: 'live', record }, texts, now)
  t.match(text, 'probable cause: it is a (a)\nprobable cause: it is b (b)\n')
})

t.test('the last check shows its stages, and its reason unless all was well', async (t) => {
  const at = '2026-11-21T00:00:05.000Z'
  const stages = [
    { name: 'connect', ms: 0.3 },
    { name: 'tree', ms: 1 },
  ]
  const good = { at, verdict: 'ok', ms: 1, stages } as const
  t.equal(lastCheckText(good), `${localTime(at)} ok (1 ms: connect 0.3, tree 1)`)
  t.match(lastCheckText({ ...good, verdict: 'failed', reason: 'no' }), /failed \(.*\) no$/)
})

t.test('times are those of the operator, and what is no time is shown as it is', async (t) => {
  t.match(localTime('2026-01-02T03:04:05.000Z'), /^2026\/01\/0\d \d\d:\d\d:05$/)
  t.equal(localTime('soon'), 'soon')
})

t.test('a duration is told in its two largest units', async (t) => {
  const since = (seconds: number) =>
    duration(new Date(now.getTime() - seconds * 1000).toISOString(), now)
  t.equal(since(0), '0 s')
  t.equal(since(59), '59 s')
  t.equal(since(3600), '1 h')
  t.equal(since(90_061), '1 d 1 h')
  t.equal(since(-5), '0 s', 'a clock that was set back makes no negative time')
})

t.test('of a process with many watches it is shown how punctual their checks are', async (t) => {
  const lateness = { checks: 9, p50Ms: 0, p99Ms: 12, mostMs: 40 }
  const text = dispText({ kind: 'live', record: sampleRecord({ lateness }) }, texts, now)
  t.match(text, '\nlate: p50 0 ms, p99 12 ms, max 40 ms\n')
  t.notMatch(dispText({ kind: 'live', record: sampleRecord() }, texts, now), 'late:')
})
