import t from 'tap'
import { parseSince } from '../../../src/cli/view/parse-since.ts'

const now = new Date('2026-01-31T12:00:00.000Z')

t.test('a time is so long ago, or a day, or a time of a day', (t) => {
  const ago = (text: string) => (now.getTime() - (parseSince(text, now)?.getTime() ?? 0)) / 1000
  t.same(['90s', '15m', '1h', '2d', '1w'].map(ago), [90, 900, 3600, 172_800, 604_800])
  t.same(parseSince('2026-01-30', now), new Date(2026, 0, 30))
  t.same(parseSince('2026-01-30T10:20', now), new Date(2026, 0, 30, 10, 20))
  t.same(parseSince('2026-01-30 10:20:30', now), new Date(2026, 0, 30, 10, 20, 30))
  t.same(parseSince('2026-01-30T10:20:30.5Z', now), new Date('2026-01-30T10:20:30.500Z'))
  t.same(parseSince('2026-01-30T10:20+09:00', now), new Date('2026-01-30T01:20:00.000Z'))
  t.end()
})

t.test('what is no time is none', (t) => {
  for (const text of [
    '',
    '1',
    'h',
    '-1h',
    '1.5h',
    '1y',
    '99999999h',
    '2026-13-01',
    '2026-1-1',
    'now',
  ]) {
    t.equal(parseSince(text, now), undefined, text)
  }
  t.end()
})
