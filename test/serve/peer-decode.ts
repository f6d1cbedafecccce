import t from 'tap'
import {
  decodePeerAlerts,
  decodePeerWatch,
  decodePeerWatches,
} from '../../src/serve/peer-decode.ts'
import { statesByGravity } from '../../src/view/watches.ts'
import { fullTally } from '../helpers/sample-tally.ts'
import { fakeSource, fakeWatch, say } from '../helpers/serve/fake-source.ts'

t.test('what a peer tells is what it knows', async (t) => {
  const watch = fakeWatch('w1', {
    tally: fullTally(),
    nextCheck: 'x',
    pausedSince: 'y',
    pausedForMs: 7,
    lastResponseMs: 3,
    lateMs: 20_000,
    problem: 'z',
    pauseEnd: { until: 'x', leftMs: 1, extensionsLeft: 2 },
    warnings: [{ id: 101, since: 'x', text: 'y' }],
    diagnosis: { at: 'x', causes: [{ key: 'k', text: 't', values: {} }] },
    repair: { mended: 1, notMended: 0, last: { at: 'x', text: 'restart for any: mended' } },
    ended: { at: 'x', how: 'stopped', exitStatus: 0 },
  })
  t.strictSame(decodePeerWatches({ hosts: [{ watches: [watch] }] }), [watch])
  const checks = [
    { at: 'x', verdict: 'failed', ms: 1, stages: [{ name: 'a', ms: 1 }], reason: 'r' },
  ]
  t.strictSame(decodePeerWatch({ watch, checks }), { watch, checks })
  const alert = say(fakeSource('n1'), 'hello', { watch: 'w1', detail: { stage: 'connect' } })
  const page = { alerts: [alert], next: 'p', isLost: true }
  t.strictSame(decodePeerAlerts(page), page)
})

t.test('what a peer makes up is cut to what may be shown', async (t) => {
  const [watch] = decodePeerWatches({
    hosts: [
      {
        watches: [
          {
            id: 'x'.repeat(10_000),
            state: 'brand-new',
            target: 3,
            lastCheck: { ms: 'x' },
            tally: { checks: 1 },
            warnings: [{ id: 'x' }],
            pauseEnd: { until: 1 },
            diagnosis: { at: 'x', causes: [{ key: 1 }] },
            repair: { mended: 'x' },
            ended: { exitStatus: 'x' },
          },
        ],
      },
    ],
  })
  t.match(watch, { state: 'unreadable', target: '', failures: 0, ended: { exitStatus: 0 } })
  t.equal(watch?.id.length, 4096)
  t.notOk(
    watch !== undefined &&
      ['tally', 'lastCheck', 'warnings', 'pauseEnd', 'diagnosis', 'repair'].some(
        (name) => name in watch,
      ),
  )
  const checks = [1, { ms: 1, verdict: 'new' }, { ms: 1, verdict: 'ok', stages: [1, {}] }]
  t.strictSame(decodePeerWatch({ watch: {}, checks }).checks, [
    { at: '', verdict: 'ok', ms: 1, stages: [] },
  ])
  const many = Array.from({ length: 6000 }, () => ({ id: 'x' }))
  t.equal(decodePeerWatches({ hosts: [{ watches: many }] }).length, 5000)
  const { alerts } = decodePeerAlerts({ alerts: [{ message: 1, id: '62', detail: [] }] })
  t.match(alerts, [{ message: '', id: null, watch: null, detail: {} }])
})

t.test('an answer that is none is refused', async (t) => {
  for (const value of [null, 1, [], {}, { hosts: 1 }, { hosts: [] }, { hosts: [{}] }]) {
    t.throws(() => decodePeerWatches(value), TypeError, JSON.stringify(value))
  }
  t.throws(() => decodePeerWatches({ hosts: [{ watches: [1] }] }), TypeError)
  t.throws(() => decodePeerWatch({ checks: [] }), TypeError)
  t.throws(() => decodePeerAlerts({ alerts: [1] }), TypeError)
})

t.test('a peer may say every state that a watch can be in', async (t) => {
  for (const state of statesByGravity) {
    t.match(decodePeerWatches({ hosts: [{ watches: [{ id: 'x', state }] }] }), [{ state }])
  }
})
