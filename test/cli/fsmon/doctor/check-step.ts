import t from 'tap'
import {
  checksLimitMs,
  judgeRunning,
  lookAtServers,
} from '../../../../src/cli/fsmon/doctor/check-step.ts'
import { settingsOf } from '../../../../src/cli/monitor/monitor-request.ts'
import type { SeenWatch, WatchState } from '../../../../src/view/watches.ts'
import { fakeIo } from '../../../helpers/fake-io.ts'
import { watchedSmb } from '../../../helpers/smb-watch.ts'

const seen: SeenWatch = {
  id: 'w',
  state: 'watching',
  command: 'clp_sambamon',
  target: 'pub',
  server: '192.0.2.1',
  failures: 0,
  attempts: 6,
}
const lastCheck = { at: '2026-01-01T00:00:00Z', verdict: 'ok', ms: 3, stages: [] } as const

for (const [state, verdict, grade, what] of [
  ['watching', 'ok', 'ok', 'watching'],
  ['watching', 'cannot-judge', 'warning', 'cannotJudge'],
  ['failing', 'failed', 'failure', 'failing'],
  ['abnormal', 'failed', 'failure', 'failing'],
  ['starting', 'failed', 'failure', 'failing'],
  ['starting', undefined, 'note', 'starting'],
  ['paused', 'ok', 'note', 'paused'],
  ['hangs', 'ok', 'failure', 'stuck'],
] as const) {
  t.test(`one that runs, ${state} after ${verdict ?? 'nothing'}: ${what}`, async (t) => {
    const last = verdict === undefined ? {} : { lastCheck: { ...lastCheck, stages: [], verdict } }
    t.match(judgeRunning({ ...seen, state: state satisfies WatchState, ...last }), { grade, what })
  })
}

t.test('pretended failures are none', async (t) => {
  const drill = { kind: 'fault', since: '', until: '' } as const
  t.match(judgeRunning({ ...seen, state: 'failing', drill }), { grade: 'note', what: 'inDrill' })
})

t.test('those that do not run are asked for, with their own parameters', async (t) => {
  const server = await watchedSmb(t)
  const { port } = server.server
  const of = (share: string, more: Record<string, string | number> = {}) =>
    settingsOf('clp_sambamon', { share, address: '127.0.0.1', port, wait: 10, ...more })
  const watches = [
    { id: 'good', settings: of('pub') },
    { id: 'bad', settings: of('pub', { credentials: '/nowhere/x.cred' }) },
    { id: 'runs', running: { ...seen, lastCheck: { ...lastCheck, stages: [] } } },
    { id: 'nothing' },
  ]
  const { signal } = new AbortController()
  const found = await lookAtServers(watches, fakeIo(), 'en', signal)
  t.match(found, [
    { grade: 'ok', what: 'answers', values: { id: 'good', target: 'pub' } },
    { grade: 'failure', what: 'cannotAsk' },
    { grade: 'ok', what: 'watching' },
    { grade: 'note' },
  ])
})

t.test('a server that says no is a failure, with what to do', async (t) => {
  const settings = settingsOf('clp_sambamon', {
    share: 'x',
    address: '127.0.0.1',
    port: 1,
    wait: 5,
  })
  const { signal } = new AbortController()
  t.match(await lookAtServers([{ id: 'w', settings }], fakeIo(), 'ja', signal), [
    { grade: 'failure', what: 'fails', values: { alert: /connect error\[111\]/, action: /./ } },
  ])
})

t.test('nothing to ask is noted', async (t) => {
  t.match(await lookAtServers([], fakeIo(), 'en', new AbortController().signal), [
    { grade: 'note', what: 'nothing' },
  ])
})

t.test('the more there are to ask, the longer it may take, but not for ever', async (t) => {
  const many = (count: number) => Array.from({ length: count }, (_, at) => ({ id: `w${at}` }))
  t.ok(checksLimitMs(many(1)) < checksLimitMs(many(100)))
  t.equal(checksLimitMs(many(5000)), 600_000)
})
