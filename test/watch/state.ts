import t from 'tap'
import {
  eventNames,
  mostDiscards,
  opening,
  stateNames,
  transition,
  type Action,
  type BadVerdict,
  type Counters,
  type StateName,
  type WatchEvent,
} from '../../src/watch/state.ts'

const attempts = 3
const down: BadVerdict = { name: 'failed', cause: { id: 74, nn: 110 } }
const unable: BadVerdict = { name: 'cannot-judge', cause: { id: 71, nn: 24 } }

const events: Record<WatchEvent['name'], WatchEvent> = {
  ok: { name: 'ok' },
  failed: down,
  'cannot-judge': unable,
  stall: { name: 'stall', verdict: down },
  early: { name: 'early' },
  identity: { name: 'identity' },
  pause: { name: 'pause' },
  continue: { name: 'continue' },
  stop: { name: 'stop' },
  tick: { name: 'tick' },
  'beyond-repair': { name: 'beyond-repair', cause: { id: 74, nn: 110 } },
}

const zero: Counters = { failures: 0, ownTroubles: 0, discards: 0, succeeded: false }

/** An action in a word. */
function word(action: Action): string {
  switch (action.do) {
    case 'wait':
      return `wait ${action.for}`
    case 'announce':
      return `say ${action.cause.id}`
    case 'note':
      return `note ${action.what}`
    case 'remind':
      return action.on ? 'remind' : 'no reminder'
    case 'conclude':
      return `repair ${action.how}`
    case 'finish':
      return `exit ${action.ending.exitStatus}`
    case 'check':
    case 'abandon':
    case 'repair':
    case 'record':
      return action.do
  }
}

function walk(
  state: StateName,
  name: WatchEvent['name'],
  counters: Partial<Counters> = {},
  isRepairable = state === 'repairing',
) {
  const from = { state, counters: { ...zero, ...counters } }
  const step = transition(from, events[name], attempts, isRepairable)
  return { state: step.state, counters: step.counters, actions: step.actions.map(word).join(', ') }
}

/** Every state × event: the state it leads to, and what is done. */
const expected: Record<StateName, Record<WatchEvent['name'], [StateName, string]>> = {
  starting: {
    ok: ['watching', 'say 2, wait interval, record'],
    failed: ['failing', 'note failure, wait retry-interval, record'],
    'cannot-judge': ['starting', 'note own-trouble, wait retry-interval, record'],
    stall: ['starting', 'note discarded, record, check'],
    early: ['starting', 'note early, wait retry-interval, record'],
    identity: ['starting', 'wait interval, record'],
    pause: ['paused', 'abandon, say 7, remind, record'],
    continue: ['starting', ''],
    stop: ['ending', 'abandon, no reminder, say 3, record, exit 0'],
    tick: ['starting', 'check'],
    'beyond-repair': ['starting', ''],
  },
  watching: {
    ok: ['watching', 'say 2, wait interval, record'],
    failed: ['failing', 'note failure, wait retry-interval, record'],
    'cannot-judge': ['watching', 'note own-trouble, wait retry-interval, record'],
    stall: ['watching', 'note discarded, record, check'],
    early: ['watching', 'note early, wait retry-interval, record'],
    identity: ['starting', 'wait interval, record'],
    pause: ['paused', 'abandon, say 7, remind, record'],
    continue: ['watching', ''],
    stop: ['ending', 'abandon, no reminder, say 3, record, exit 0'],
    tick: ['watching', 'check'],
    'beyond-repair': ['watching', ''],
  },
  failing: {
    ok: ['watching', 'note recovered, say 2, wait interval, record'],
    failed: ['failing', 'note failure, wait retry-interval, record'],
    'cannot-judge': ['failing', 'note own-trouble, wait retry-interval, record'],
    stall: ['failing', 'note discarded, record, check'],
    early: ['failing', 'note early, wait retry-interval, record'],
    identity: ['starting', 'note recovered, wait interval, record'],
    pause: ['paused', 'abandon, say 7, remind, record'],
    continue: ['failing', ''],
    stop: ['ending', 'abandon, no reminder, say 3, record, exit 0'],
    tick: ['failing', 'check'],
    'beyond-repair': ['failing', ''],
  },
  repairing: {
    ok: ['watching', 'note recovered, repair mended, say 2, wait interval, record'],
    failed: ['repairing', 'note still-failing, repair, record'],
    'cannot-judge': ['repairing', 'note own-trouble, wait retry-interval, record'],
    stall: ['repairing', 'note discarded, record, check'],
    early: ['repairing', 'note early, wait retry-interval, record'],
    identity: ['starting', 'note recovered, repair mended, wait interval, record'],
    pause: ['paused', 'abandon, repair broken-off, say 7, remind, record'],
    continue: ['repairing', ''],
    stop: ['ending', 'abandon, repair broken-off, no reminder, say 3, record, exit 0'],
    tick: ['repairing', 'check'],
    'beyond-repair': ['ending', 'repair not-mended, say 74, say 6, record, exit 1'],
  },
  paused: {
    ok: ['paused', ''],
    failed: ['paused', ''],
    'cannot-judge': ['paused', ''],
    stall: ['paused', ''],
    early: ['paused', ''],
    identity: ['paused', ''],
    pause: ['paused', ''],
    continue: ['starting', 'no reminder, say 8, record, check'],
    stop: ['ending', 'abandon, no reminder, say 3, record, exit 0'],
    tick: ['paused', ''],
    'beyond-repair': ['paused', ''],
  },
  ending: {
    ok: ['ending', ''],
    failed: ['ending', ''],
    'cannot-judge': ['ending', ''],
    stall: ['ending', ''],
    early: ['ending', ''],
    identity: ['ending', ''],
    pause: ['ending', ''],
    continue: ['ending', ''],
    stop: ['ending', ''],
    tick: ['ending', ''],
    'beyond-repair': ['ending', ''],
  },
}

for (const state of stateNames) {
  for (const event of eventNames) {
    t.test(`${state} × ${event}`, (t) => {
      const [next, actions] = expected[state][event]
      const step = walk(state, event)
      t.equal(step.state, next)
      t.equal(step.actions, actions)
      t.end()
    })
  }
}

t.test('a watch opens with message 1 and a check', (t) => {
  t.equal(opening.actions.map(word).join(', '), 'say 1, record, check')
  t.equal(opening.state, 'starting')
  t.same(opening.counters, zero)
  t.end()
})

t.test('message 2 comes once', (t) => {
  const first = walk('starting', 'ok')
  t.equal(first.counters.succeeded, true)
  t.equal(walk('watching', 'ok', first.counters).actions, 'wait interval, record')
  t.equal(
    walk('failing', 'ok', { succeeded: true, failures: 1 }).actions,
    'note recovered, wait interval, record',
  )
  t.end()
})

t.test('a server is abnormal when the first failure and every retry after it have failed', (t) => {
  for (const state of ['starting', 'watching', 'failing'] as const) {
    t.equal(walk(state, 'failed', { failures: 0 }).counters.failures, 1)
    t.equal(walk(state, 'failed', { failures: 1 }).state, 'failing')
    const last = walk(state, 'failed', { failures: 2 })
    t.equal(last.state, 'ending')
    t.equal(last.actions, 'say 74, say 6, record, exit 1')
  }
  t.end()
})

t.test('a text of the RPC layer is followed by message 66', (t) => {
  const verdict = { name: 'failed', cause: { id: 0, text: 'RPC: Timed out' } } as const
  const from = { state: 'failing', counters: { ...zero, failures: 2 } } as const
  const { actions } = transition(from, verdict, attempts)
  t.equal(actions.map(word).join(', '), 'say 0, say 66, say 6, record, exit 1')
  t.end()
})

t.test('one success resets every count', (t) => {
  const counters = { failures: 2, ownTroubles: 2, discards: 2, succeeded: true }
  t.same(walk('failing', 'ok', counters).counters, { ...zero, succeeded: true })
  t.end()
})

t.test('a check that could not judge neither resets nor advances the failures', (t) => {
  const step = walk('failing', 'cannot-judge', { failures: 2 })
  t.equal(step.state, 'failing')
  t.equal(step.counters.failures, 2)
  t.equal(step.counters.ownTroubles, 1)
  t.end()
})

t.test('trouble of our own ends the watch only when it does not end itself', (t) => {
  const step = walk('watching', 'cannot-judge', { ownTroubles: 2 })
  t.equal(step.state, 'ending')
  t.equal(step.actions, 'say 71, say 6, record, exit 5')
  t.equal(walk('watching', 'failed', { ownTroubles: 2 }).counters.ownTroubles, 0)
  t.end()
})

t.test('a stall leaves the counts alone, so often and no more', (t) => {
  const first = walk('failing', 'stall', { failures: 2, ownTroubles: 1 })
  t.same(first.counters, { ...zero, failures: 2, ownTroubles: 1, discards: 1 })
  const counted = walk('failing', 'stall', { failures: 1, discards: mostDiscards })
  t.equal(counted.actions, 'note no-more-discards, note failure, wait retry-interval, record')
  t.same(counted.counters, { ...zero, failures: 2, discards: mostDiscards })
  const last = walk('failing', 'stall', counted.counters)
  t.equal(last.actions, 'note no-more-discards, say 74, say 6, record, exit 1')
  t.end()
})

t.test('after so many stalls, trouble of our own counts as such', (t) => {
  const from = { state: 'watching', counters: { ...zero, discards: mostDiscards } } as const
  const step = transition(from, { name: 'stall', verdict: unable }, attempts)
  t.same(step.counters, { ...zero, ownTroubles: 1, discards: mostDiscards })
  t.equal(step.state, 'watching')
  t.end()
})

t.test('a verdict without a stall makes stalls count from the beginning', (t) => {
  t.equal(walk('failing', 'failed', { discards: mostDiscards }).counters.discards, 0)
  t.equal(walk('failing', 'cannot-judge', { discards: mostDiscards }).counters.discards, 0)
  t.end()
})

t.test('a pause clears the failures and keeps in mind that message 2 was given', (t) => {
  const counters = { failures: 2, ownTroubles: 2, discards: 1, succeeded: true }
  const paused = walk('failing', 'pause', counters)
  t.same(paused.counters, { ...zero, succeeded: true })
  t.equal(walk('paused', 'continue', paused.counters).state, 'watching')
  t.end()
})

t.test('failures that count in part make a server abnormal when they come to enough', (t) => {
  for (const [weight, checks] of [
    [0.5, 6],
    [0.1, 30],
    [0.3, 10],
    [0.7, 5],
  ] as const) {
    let position: Parameters<typeof transition>[0] = opening
    let count = 0
    while (position.state !== 'ending' && count < 100) {
      position = transition(position, { ...down, weight }, attempts)
      count += 1
    }
    t.equal(count, checks, String(weight))
  }
  t.end()
})

t.test('what has been seen to work may be repaired, once its retries are used up', (t) => {
  const seen = { failures: 2, succeeded: true }
  const step = walk('failing', 'failed', seen, true)
  t.equal(step.state, 'repairing')
  t.equal(step.actions, 'note failure, repair, record')
  t.equal(walk('failing', 'failed', { failures: 1, succeeded: true }, true).state, 'failing')
  t.equal(walk('failing', 'failed', seen, false).state, 'ending', 'where nothing is provided')
  t.equal(walk('failing', 'failed', { failures: 2 }, true).state, 'ending', 'it never worked')
  t.end()
})

t.test('nothing is repaired for want of a verdict', (t) => {
  const seen = { failures: 2, succeeded: true }
  for (const state of ['watching', 'failing', 'repairing'] as const) {
    const unjudged = walk(state, 'cannot-judge', seen, true)
    t.equal(unjudged.state, state)
    t.notMatch(unjudged.actions, /repair/)
    const last = walk(state, 'cannot-judge', { ...seen, ownTroubles: 2 }, true)
    t.equal(last.state, 'ending')
    t.match(last.actions, /exit 5/)
    const stalled = walk(state, 'stall', { ...seen, discards: mostDiscards }, true)
    t.equal(stalled.state, 'ending', 'a verdict while we stood still begins no step')
  }
  t.end()
})

t.test('a server that is mended is watched as if it had never failed', (t) => {
  const step = walk('repairing', 'ok', { failures: 3, succeeded: true })
  t.equal(step.state, 'watching')
  t.equal(step.actions, 'note recovered, repair mended, wait interval, record')
  t.same(step.counters, { ...zero, succeeded: true })
  t.end()
})

t.test('failures under repair are not counted on', (t) => {
  const step = walk('repairing', 'failed', { failures: 3, ownTroubles: 2, succeeded: true })
  t.same(step.counters, { ...zero, failures: 3, succeeded: true })
  t.end()
})
