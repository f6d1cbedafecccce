import t from 'tap'
import { afterVerdict, noAlarm } from '../../src/watch/trend-alarm.ts'
import type { TrendVerdict } from '../../src/watch/trend.ts'

const danger: TrendVerdict = { kind: 'danger', inMs: 30_000 }
const reached: TrendVerdict = { kind: 'danger', inMs: 0 }
const calm: TrendVerdict = { kind: 'calm' }
const unclear: TrendVerdict = { kind: 'unclear' }
const unknown: TrendVerdict = { kind: 'unknown' }

function said(...verdicts: TrendVerdict[]): (103 | 104 | undefined)[] {
  let alarm = noAlarm
  return verdicts.map((verdict) => {
    const { alarm: after, say } = afterVerdict(alarm, verdict)
    alarm = after
    return say
  })
}

const silence = undefined

t.test('a danger is told when it was seen twice in a row, and once', async (t) => {
  t.strictSame(said(danger, danger, danger), [silence, 103, silence])
  t.strictSame(
    said(danger, unclear, danger, calm, danger),
    Array.from({ length: 5 }, () => silence),
  )
})

t.test('a limit that is reached is told at once', async (t) => {
  t.strictSame(said(reached, reached), [103, silence])
})

t.test('it is over after three calm samples in a row', async (t) => {
  t.strictSame(said(reached, calm, calm, unclear, calm, calm, calm, calm), [
    103,
    silence,
    silence,
    silence,
    silence,
    silence,
    104,
    silence,
  ])
})

t.test('what cannot be told changes nothing', async (t) => {
  t.strictSame(said(danger, unknown, danger), [silence, silence, 103])
  t.strictSame(said(reached, unknown, unknown, unknown), [103, silence, silence, silence])
})
