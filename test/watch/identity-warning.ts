import t from 'tap'
import type { Announcement } from '../../src/alert/announcement.ts'
import type { Outcome } from '../../src/probe/probe.ts'
import { bucketEdgesS, mostRecent } from '../../src/registry/tally.ts'
import { identityWarning } from '../../src/watch/identity-warning.ts'
import { WarningBoard } from '../../src/watch/warning-board.ts'
import { Watch } from '../../src/watch/watch.ts'
import { FakeClock, settle } from '../helpers/fake-clock.ts'
import { ok, ScriptedProbe, timedOut } from '../helpers/scripted-probe.ts'

const disabled: Outcome = {
  kind: 'failed',
  stages: [],
  stage: 'session',
  failure: 'refused',
  cause: { id: 62, nn: 1331 },
  reason: 'session: ACCOUNT_DISABLED',
  detail: { ntStatus: 'NT_STATUS_ACCOUNT_DISABLED' },
  isAboutIdentity: true,
}

function begin(onIdentity: 'fault' | 'warn', script: ScriptedProbe) {
  const clock = new FakeClock()
  const said: Announcement[] = []
  const logged: string[] = []
  const announce = (announcement: Announcement) => said.push(announcement)
  const log = (level: string, text: string) => logged.push(`${level} ${text}`)
  const board = new WarningBoard(clock, () => undefined)
  const watch = new Watch({
    timing: { intervalMs: 10_000, retryIntervalMs: 2000, deadlineMs: 1000, retries: 1 },
    probe: script.probe,
    clock,
    announce,
    log,
    saveRecord: async () => undefined,
    tallySize: { edgesS: bucketEdgesS, mostRecent },
    onlookers: onIdentity === 'warn' ? [identityWarning({ clock, announce, log, board })] : [],
    onIdentity,
  })
  const ending = watch.run()
  const ids = () => said.map(({ id, reminder }) => (reminder ? `${id} again` : id))
  return { clock, said, ids, logged, watch, ending, board }
}

t.test('a login that is refused is a failure of the server, unless told otherwise', async (t) => {
  const { clock, ids, ending } = begin('fault', new ScriptedProbe(ok, disabled))
  await clock.advance(12_000)
  t.strictSame(ids(), [1, 2, 62, 6])
  t.match(await ending, { how: 'abnormal', exitStatus: 1 })
})

t.test('where it is to be warned of it is, once, and the watch goes on', async (t) => {
  const { clock, said, ids, watch, board, logged } = begin('warn', new ScriptedProbe(ok, disabled))
  await clock.advance(1_000_000)
  t.strictSame(ids(), [1, 2, 109])
  t.match(said[2], {
    nn: 1331,
    detail: { stage: 'session', ntStatus: 'NT_STATUS_ACCOUNT_DISABLED' },
  })
  t.match(watch.snapshot(), {
    state: 'watching',
    failures: 0,
    lastCheck: { verdict: 'cannot-judge', reason: 'session: ACCOUNT_DISABLED' },
    tally: { checks: { ok: 1, failed: 0 } },
  })
  t.match(board.onlooker.status?.(), { warnings: [{ id: 109 }] })
  await clock.advance(3_600_000)
  t.strictSame(ids(), [1, 2, 109, '109 again'], 'the log is reminded every hour')
  t.notMatch(logged.join('\n'), 'accepted again')
})

t.test('it is warned of again only after it has worked', async (t) => {
  const { clock, ids, logged, board } = begin(
    'warn',
    new ScriptedProbe(ok, disabled, disabled, ok, disabled),
  )
  await clock.advance(30_000)
  t.match(logged.join('\n'), 'info the login is accepted again')
  t.strictSame(board.onlooker.status?.(), {})
  await clock.advance(10_000)
  t.strictSame(ids(), [1, 2, 109, 109])
})

t.test('a server that dies behind a login that is refused is found all the same', async (t) => {
  const { clock, ids, ending } = begin(
    'warn',
    new ScriptedProbe(ok, disabled, timedOut, disabled, timedOut, timedOut),
  )
  await clock.advance(40_000)
  t.strictSame(ids(), [1, 2, 109, 74, 6])
  t.match(await ending, { how: 'abnormal' })
})

t.test('a login that never worked is no success: message 2 does not come', async (t) => {
  const { clock, ids, watch } = begin('warn', new ScriptedProbe(disabled))
  await clock.advance(50_000)
  await settle()
  t.strictSame(ids(), [1, 109])
  t.match(watch.snapshot(), { state: 'starting', succeeded: false })
})
