import t from 'tap'
import { ServiceNotifier } from '../../../src/cli/monitor/service-notifier.ts'
import type { LastCheck, Status } from '../../../src/registry/status.ts'
import { FakeClock, settle } from '../../helpers/fake-clock.ts'

const starting: Status = {
  state: 'starting',
  since: '2026-01-01T00:00:00.000Z',
  failures: 0,
  retries: 5,
  worstCaseMs: 540_000,
  succeeded: false,
}
const good: LastCheck = { at: '2026-01-01T00:00:00.000Z', verdict: 'ok', stages: [], ms: 23 }
const watching: Status = { ...starting, state: 'watching', succeeded: true, lastCheck: good }

function begin(watchdog: number | 'none' = 60_000) {
  const watchdogMs = watchdog === 'none' ? undefined : watchdog
  const sent: (readonly string[])[] = []
  const troubles: string[] = []
  const clock = new FakeClock()
  let answer: () => Promise<void> = async () => {}
  const notifier = new ServiceNotifier({
    send: async (assignments) => {
      sent.push(assignments)
      await answer()
    },
    clock,
    watchdogMs,
    onTrouble: (text) => troubles.push(text),
  })
  const answers = (how: typeof answer) => {
    answer = how
  }
  return { notifier, sent, troubles, clock, answers }
}

t.test(
  'ready is told after the first success; the watchdog fits the timing before it',
  async (t) => {
    const { notifier, sent } = begin()
    notifier.tell(starting)
    await settle()
    const timed = ['STATUS=starting: no check yet', 'WATCHDOG_USEC=550000000', 'WATCHDOG=1']
    t.strictSame(sent, [timed])
    notifier.tell(watching)
    await settle()
    const status = 'STATUS=watching: ok, 23 ms'
    t.strictSame(sent[1], [status, 'READY=1', 'WATCHDOG=1'])
    notifier.tell(watching)
    await settle()
    t.strictSame(sent[2], [status, 'READY=1', 'WATCHDOG=1'])
  },
)

t.test('a watchdog that is longer than that stays as it was set', async (t) => {
  const { notifier, sent } = begin(3_600_000)
  notifier.tell(watching)
  await settle()
  t.match(sent[0], /WATCHDOG_USEC=3600000000/)
})

t.test('a failing server shows its count and reason in one line', async (t) => {
  const { notifier, sent } = begin('none')
  const lastCheck: LastCheck = { ...good, verdict: 'failed', reason: 'no\nanswer' }
  notifier.tell({ ...watching, state: 'failing', failures: 2, lastCheck })
  await settle()
  t.strictSame(sent, [['STATUS=failing: failed, 23 ms, failure 2 of 6: no answer', 'READY=1']])
})

t.test(
  'between checks nothing feeds the watchdog, so that a watch that hangs is found',
  async (t) => {
    const { notifier, sent, clock } = begin()
    notifier.tell(watching)
    await clock.advance(10_000_000)
    t.equal(sent.length, 1)
    t.equal(clock.waiting, 0)
  },
)

t.test('a pause feeds it for as long as it lasts, and the end does not', async (t) => {
  const { notifier, sent, clock } = begin()
  notifier.tell({ ...watching, state: 'paused' })
  await clock.advance(550_000)
  t.equal(sent.length, 3 + 1)
  notifier.tell(watching)
  await clock.advance(10_000_000)
  t.equal(sent.length, 4 + 1)
  notifier.tell({ ...watching, state: 'paused' })
  notifier.close()
  await clock.advance(10_000_000)
  t.equal(sent.length, 5 + 1)
})

t.test('while a message is under way only the latest waits', async (t) => {
  const { notifier, sent, answers } = begin('none')
  let go: () => void = () => {}
  answers(async () => new Promise((resolve) => (go = resolve)))
  notifier.tell(starting)
  notifier.tell(watching)
  notifier.tell({ ...watching, state: 'ending' })
  await settle()
  t.equal(sent.length, 1)
  answers(async () => {})
  go()
  await settle()
  t.strictSame(sent[1], ['STATUS=ending: ok, 23 ms', 'STOPPING=1', 'READY=1'])
  t.equal(sent.length, 2)
})

t.test('that it does not work is told once, and again when it comes back', async (t) => {
  const { notifier, troubles, answers } = begin('none')
  answers(async () => Promise.reject(new Error('no socket')))
  notifier.tell(watching)
  await settle()
  notifier.tell(watching)
  await settle()
  t.strictSame(troubles, ['Error: no socket'])
  answers(async () => {})
  notifier.tell(watching)
  await settle()
  answers(async () => Promise.reject(new Error('gone')))
  notifier.tell(watching)
  await settle()
  t.equal(troubles.length, 2)
})
