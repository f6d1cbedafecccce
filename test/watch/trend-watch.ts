import t from 'tap'
import type { Announcement } from '../../src/alert/announcement.ts'
import type { Measured } from '../../src/probe/space.ts'
import { opening } from '../../src/watch/state.ts'
import { TrendWatch, type TrendWatchParts } from '../../src/watch/trend-watch.ts'
import { WarningBoard } from '../../src/watch/warning-board.ts'
import { FakeClock, settle } from '../helpers/fake-clock.ts'
import { ok, timedOut } from '../helpers/scripted-probe.ts'

function begin(parts: Partial<TrendWatchParts>) {
  const clock = new FakeClock()
  const said: Announcement[] = []
  const logged: string[] = []
  const board = new WarningBoard(clock, () => undefined)
  const watch = new TrendWatch({
    samples: 20,
    aheadMs: 60_000,
    clock,
    announce: (announcement) => said.push(announcement),
    log: (level, text) => logged.push(`${level} ${text}`),
    board,
    readProc: async () => {
      throw new Error('ENOENT')
    },
    ...parts,
  })
  const judge = async (ms = 1, outcome = ok, lostMs = 0) => {
    const lastCheck = { at: '', verdict: 'ok' as const, stages: [], ms }
    watch.judged({ result: { outcome, lostMs, ms }, lastCheck, after: opening })
    await clock.advance(10_000)
  }
  const ids = () => said.map(({ id }) => id)
  return { clock, said, ids, logged, board, watch, judge }
}

t.test('a response time that grows towards the wait is foreseen', async (t) => {
  const { said, judge, board } = begin({ responseLimitMs: 10_000 })
  for (let ms = 5000; ms < 9900 && said.length === 0; ms += 200) await judge(ms)
  t.match(said, [{ id: 103, text: 'response time', detail: { limit: 10_000, unit: 'ms' } }])
  const { nn = 0, detail } = said[0] ?? { id: 0 }
  const left = 10_000 - Number(detail?.['value'])
  t.ok(Math.abs(nn - left / 20) <= 2, `${nn} seconds for ${left} ms at 20 ms a second`)
  t.match(board.onlooker.status?.(), { warnings: [{ id: 103, text: /^response time: / }] })
  for (let more = 0; more < 25; more += 1) await judge(20)
  t.match(said[1], { id: 104, text: 'response time' })
  t.strictSame(board.onlooker.status?.(), {})
})

t.test('checks that failed, or that we ourselves slowed down, are no samples', async (t) => {
  const { said, judge } = begin({ responseLimitMs: 10_000 })
  for (let ms = 5000; ms < 9900; ms += 200) await judge(ms, ms % 400 === 0 ? timedOut : ok, 500)
  t.strictSame(said, [])
})

t.test('how late an answer is made in a drill is no sample', async (t) => {
  const { said, judge } = begin({ responseLimitMs: 10_000 })
  const late = { ...ok, detail: { drill: 'slow' } }
  for (let ms = 5000; ms < 9900; ms += 200) await judge(ms, late)
  t.strictSame(said, [])
})

/** A file system that is asked after each check: what it says each time. */
function fileSystem(...answers: (Measured | 'hang' | 'throw')[]) {
  const asked: AbortSignal[] = []
  const measure = async (signal: AbortSignal): Promise<Measured> => {
    asked.push(signal)
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    if (answer === undefined || answer === 'throw') throw new Error('a bug')
    if (answer !== 'hang') return answer
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    return { kind: 'failed', reason: 'no answer in time' }
  }
  return { asked, measure }
}

const left = (freeBytes: number): Measured => ({
  kind: 'measured',
  space: { freeBytes, totalBytes: 1000 },
})

t.test('a file system that fills up is foreseen, by bytes or by its share', async (t) => {
  for (const limit of [{ bytes: 100 }, { percent: 10 }]) {
    const answers = Array.from({ length: 60 }, (_, index) => left(700 - index * 10))
    const { measure } = fileSystem(...answers)
    const { said, judge } = begin({ space: { limit, measure, deadlineMs: 5000 } })
    for (let check = 0; check < 60 && said.length === 0; check += 1) await judge()
    t.match(said, [{ id: 103, text: 'free space', detail: { limit: 100, unit: 'bytes' } }])
    const value = Number(said[0]?.detail?.['value'])
    t.ok(value > 100 && value <= 170, `told when ${value} were left`)
  }
})

t.test('a server that refuses is asked no more, and that is said once', async (t) => {
  const { asked, measure } = fileSystem({ kind: 'refused', reason: 'ACCESS_DENIED' })
  const { logged, judge } = begin({ space: { limit: { bytes: 1 }, measure, deadlineMs: 5000 } })
  for (let check = 0; check < 5; check += 1) await judge()
  t.equal(asked.length, 1)
  t.strictSame(logged, [
    'warn trend: the free space is not known: ACCESS_DENIED; it is not asked for any more',
  ])
})

t.test('a question without an answer has an end, is said once, and asked again', async (t) => {
  const { asked, measure } = fileSystem('hang', 'throw', left(500), left(500))
  const { logged, judge } = begin({ space: { limit: { bytes: 1 }, measure, deadlineMs: 25_000 } })
  await judge()
  await judge()
  t.equal(asked.length, 1, 'one at a time')
  await judge()
  t.ok(asked[0]?.aborted)
  await judge()
  await judge()
  await judge()
  t.strictSame(logged, [
    'warn trend: the free space is not known: no answer in time; watching goes on',
    'info trend: the free space is known again',
  ])
})

t.test('a server that fails its checks is not asked for its space', async (t) => {
  const { asked, measure } = fileSystem(left(500))
  const { judge } = begin({ space: { limit: { bytes: 1 }, measure, deadlineMs: 5000 } })
  await judge(1, timedOut)
  t.equal(asked.length, 0)
})

t.test('a pause and the end call off what is under way, and nothing of it counts', async (t) => {
  const { asked, measure } = fileSystem('hang')
  const { clock, logged, judge, watch } = begin({
    space: { limit: { bytes: 1 }, measure, deadlineMs: 60_000 },
  })
  for (const over of ['paused', 'ended'] as const) {
    await judge()
    watch[over]()
    await settle()
    t.ok(asked.at(-1)?.aborted)
    t.equal(clock.waiting, 0)
  }
  t.strictSame(logged, [])
  await judge()
  t.equal(asked.length, 3, 'what goes on asks again')
  watch.ended()
})

t.test('a place among other watches is waited for, and given back', async (t) => {
  const { asked, measure } = fileSystem(left(500))
  const gate = new EventTarget()
  let left1 = 0
  const ready = new Promise<void>((resolve) => {
    gate.addEventListener('open', () => {
      resolve()
    })
  })
  const { judge } = begin({
    space: {
      limit: { bytes: 1 },
      measure,
      deadlineMs: 60_000,
      enter: () => ({
        ready,
        leave: () => {
          left1 += 1
        },
      }),
    },
  })
  await judge()
  t.equal(asked.length, 0)
  gate.dispatchEvent(new Event('open'))
  await settle()
  t.strictSame([asked.length, left1], [1, 1])
})

t.test('memory of this host that runs out is foreseen, whatever the checks say', async (t) => {
  let available = 400
  const { said, judge } = begin({
    memoryLimit: { percent: 10 },
    readProc: async () => `MemTotal: 1000 kB\nMemAvailable: ${(available -= 10)} kB\n`,
  })
  for (let check = 0; check < 40 && said.length === 0; check += 1) await judge(1, timedOut)
  t.match(said, [{ id: 103, text: 'memory of this host', detail: { limit: 102_400 } }])
  t.ok(Number(said[0]?.detail?.['value']) > 102_400)
})

t.test('memory pressure that rises is foreseen', async (t) => {
  let percent = 0
  const { said, judge } = begin({
    pressureLimitPercent: 40,
    readProc: async () => `some avg10=${(percent += 1).toFixed(2)} avg60=0.00\n`,
  })
  for (let check = 0; check < 40 && said.length === 0; check += 1) await judge()
  t.match(said, [{ id: 103, text: 'memory pressure of this host', detail: { unit: 'percent' } }])
  t.ok(percent < 40)
})

t.test('a host that does not tell of its memory is said to, once each', async (t) => {
  const { logged, judge } = begin({ memoryLimit: { bytes: 1 }, pressureLimitPercent: 1 })
  for (let check = 0; check < 3; check += 1) await judge()
  t.equal(logged.length, 2)
  t.match(logged.join('\n'), /memory of this host is not known: Error: ENOENT; watching goes on/)
})
