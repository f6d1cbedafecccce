import t from 'tap'
import { Diagnosing } from '../../../src/cli/diagnosis/diagnosing.ts'
import type { Hearer } from '../../../src/cli/diagnosis/diagnosis-process.ts'
import type { Outcome } from '../../../src/probe/probe.ts'
import type { Judged } from '../../../src/watch/onlooker.ts'
import type { StateName } from '../../../src/watch/state.ts'

function judged(kind: 'ok' | 'failed' | 'cannot-judge', state: StateName = 'failing'): Judged {
  const base = { stages: [], stage: 'connect', cause: { id: 72 }, reason: 'why', detail: {} }
  const outcome: Outcome =
    kind === 'ok'
      ? { kind, stages: [], detail: {} }
      : kind === 'failed'
        ? { kind, failure: 'timeout', ...base }
        : { kind, ...base }
  return {
    result: { outcome, lostMs: 0, ms: 1 },
    lastCheck: { at: '', verdict: kind, stages: [], ms: 1 },
    after: { state, counters: { failures: 1, ownTroubles: 0, discards: 0, succeeded: true } },
  }
}

function open({ isHere = false } = {}) {
  const runs: { words: readonly string[]; hearer: Hearer }[] = []
  const ended: Hearer[] = []
  const log: string[] = []
  const seen = { refreshed: 0, now: 0, isBusy: false }
  const diagnosing = new Diagnosing({
    words: ['-a', '192.0.2.1'],
    process: {
      start: (words, hearer) => {
        if (!seen.isBusy) runs.push({ words, hearer })
        return !seen.isBusy
      },
      end: (hearer) => {
        ended.push(hearer)
        hearer.over()
      },
    },
    isHere: () => isHere,
    log: (level, text) => void log.push(`${level} ${text}`),
    refresh: () => void (seen.refreshed += 1),
    now: () => seen.now,
    date: () => new Date(0),
  })
  return { diagnosing, runs, ended, log, seen }
}

const cause = (key: string) => ({ key, text: `it is ${key}`, values: { n: 1 }, evidence: ['seen'] })

const line = (keys: string[], more: object = {}) =>
  JSON.stringify({ step: 'x', ms: 1, causes: keys.map(cause), ...more })

t.test('it begins with the first failure, and not before', async (t) => {
  const { diagnosing, runs } = open()
  diagnosing.judged(judged('ok', 'watching'))
  diagnosing.judged(judged('cannot-judge'))
  diagnosing.judged(judged('failed', 'starting'))
  diagnosing.judged(judged('failed', 'ending'))
  t.equal(runs.length, 0)
  diagnosing.judged(judged('failed'))
  t.strictSame(runs[0]?.words, ['-a', '192.0.2.1', '--failure', 'timeout'])
})

t.test('under repair it is looked anew after every step, and not seldomer each time', async (t) => {
  const { diagnosing, runs, seen } = open()
  for (let at = 1; at <= 4; at += 1) {
    diagnosing.judged(judged('failed', 'repairing'))
    t.equal(runs.length, at)
    runs.at(-1)?.hearer.over()
    seen.now += 1500
  }
})

t.test('what comes is kept at once, put into the record, and logged at the end', async (t) => {
  const { diagnosing, runs, log, seen } = open({ isHere: true })
  diagnosing.judged(judged('ok', 'watching'))
  diagnosing.judged(judged('failed'))
  const run = runs[0]
  t.match(run?.words, ['-a', '192.0.2.1', '--failure', 'timeout', '--was-here'])
  t.strictSame(diagnosing.status(), {})
  run?.hearer.line(line(['b']))
  t.equal(seen.refreshed, 1)
  run?.hearer.line('nonsense')
  run?.hearer.line('null')
  run?.hearer.line('{"causes":7}')
  run?.hearer.line('{"causes":[{"key":1}]}')
  run?.hearer.line(line(['b']))
  t.equal(seen.refreshed, 1, 'what is not new is not written again')
  t.strictSame(log, [])
  run?.hearer.line(line(['a', 'b'], { done: true }))
  t.strictSame(log, [
    'warn probable cause 1: it is a (a): seen',
    'warn probable cause 2: it is b (b): seen',
  ])
  t.strictSame(diagnosing.status(), {
    diagnosis: {
      at: '1970-01-01T00:00:00.000Z',
      wasHere: true,
      causes: ['a', 'b'].map((key) => ({ key, text: `it is ${key}`, values: { n: 1 } })),
    },
  })
  t.strictSame(diagnosing.lastWords(), [{ id: 105, text: 'it is a (a); also: b' }])
  t.equal(log.length, 2, 'and not logged again')
})

t.test('what is known is said before the end, though the run is not over', async (t) => {
  const { diagnosing, runs, log } = open()
  t.strictSame(diagnosing.lastWords(), [])
  diagnosing.judged(judged('failed'))
  t.strictSame(diagnosing.lastWords(), [], 'nothing is known, so nothing is said')
  runs[0]?.hearer.line(line(['a']))
  t.strictSame(diagnosing.lastWords(), [{ id: 105, text: 'it is a (a)' }])
  t.equal(log.length, 1)
})

t.test('it looks again while it lasts, more and more seldom', async (t) => {
  const { diagnosing, runs, seen } = open()
  const startedAt: number[] = []
  for (seen.now = 0; seen.now < 200_000; seen.now += 1000) {
    const before = runs.length
    diagnosing.judged(judged('failed'))
    if (runs.length > before) startedAt.push(seen.now / 1000)
  }
  t.strictSame(startedAt, [0, 10, 30, 70, 150])
  diagnosing.judged(judged('ok', 'watching'))
  diagnosing.judged(judged('failed'))
  t.equal(runs.length, 6, 'another failure is another beginning')
})

t.test('while another one is under way, it waits for the next failure', async (t) => {
  const { diagnosing, runs, seen } = open()
  seen.isBusy = true
  diagnosing.judged(judged('failed'))
  t.equal(runs.length, 0)
  seen.isBusy = false
  diagnosing.judged(judged('failed'))
  t.equal(runs.length, 1)
})

t.test('a later run takes nothing away before it has looked at all', async (t) => {
  const { diagnosing, runs, seen } = open()
  const keys = () => diagnosing.status().diagnosis?.causes.map(({ key }) => key) ?? []
  diagnosing.judged(judged('failed'))
  runs[0]?.hearer.line(line(['a', 'b'], { done: true }))
  runs[0]?.hearer.over()
  seen.now = 60_000
  diagnosing.judged(judged('failed'))
  runs[1]?.hearer.line(line([]))
  t.strictSame(keys(), ['a', 'b'])
  runs[1]?.hearer.line(line(['c']))
  t.strictSame(keys(), ['c', 'a', 'b'])
  runs[1]?.hearer.line(line(['c'], { done: true, late: true }))
  t.strictSame(keys(), ['c', 'a', 'b'], 'one that was ended has not looked at all')
  runs[1]?.hearer.line(line(['c'], { done: true }))
  t.strictSame(keys(), ['c'])
  runs[0]?.hearer.line(line(['old']))
  t.strictSame(keys(), ['c'], 'an old run has nothing to say any more')
})

for (const what of ['recovers', 'is paused'] as const) {
  t.test(`when it ${what}, all is forgotten`, async (t) => {
    const { diagnosing, runs, ended, seen } = open()
    diagnosing.judged(judged('failed'))
    runs[0]?.hearer.line(line(['a']))
    if (what === 'recovers') diagnosing.judged(judged('ok', 'watching'))
    else diagnosing.paused()
    t.strictSame(ended, [runs[0]?.hearer])
    t.strictSame(diagnosing.status(), {})
    t.strictSame(diagnosing.lastWords(), [])
    t.equal(seen.refreshed, 2, 'the record, too')
    runs[0]?.hearer.line(line(['late']))
    t.strictSame(diagnosing.status(), {})
  })
}

t.test('at the end it is ended, and what it found stays in the record', async (t) => {
  const { diagnosing, runs, ended } = open()
  diagnosing.judged(judged('failed'))
  runs[0]?.hearer.line(line(['a', 'b', 'c', 'd', 'e', 'f']))
  diagnosing.ended()
  diagnosing.ended()
  t.strictSame(ended, [runs[0]?.hearer])
  t.equal(diagnosing.status().diagnosis?.causes.length, 5, 'no more than a record may hold')
})
