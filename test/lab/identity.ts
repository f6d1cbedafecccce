import t from 'tap'
import type { Announcement } from '../../src/alert/announcement.ts'
import { sambaProbe } from '../../src/probe/samba.ts'
import { bucketEdgesS, mostRecent } from '../../src/registry/tally.ts'
import { Credentials } from '../../src/smb/auth/credentials.ts'
import { systemClock } from '../../src/watch/clock.ts'
import { identityWarning } from '../../src/watch/identity-warning.ts'
import { WarningBoard } from '../../src/watch/warning-board.ts'
import { Watch } from '../../src/watch/watch.ts'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'

t.setTimeout(600_000)

function begin(host: string, onIdentity: 'fault' | 'warn', user = 'watcher') {
  const said: Announcement[] = []
  const announce = (announcement: Announcement) => said.push(announcement)
  const log = () => undefined
  const board = new WarningBoard(systemClock, () => undefined)
  const watch = new Watch({
    timing: { intervalMs: 200, retryIntervalMs: 200, deadlineMs: 10_000, retries: 1 },
    probe: sambaProbe({
      host,
      port: 445,
      share: 'guest',
      depth: 'share',
      credentials: Credentials.user(user, 'Lab-Pass1'),
      encrypt: false,
    }),
    clock: systemClock,
    announce,
    log,
    saveRecord: async () => undefined,
    tallySize: { edgesS: bucketEdgesS, mostRecent },
    onlookers: [identityWarning({ clock: systemClock, announce, log, board })],
    onIdentity,
  })
  const ending = watch.run()
  const ids = () => said.map(({ id }) => id)
  const checks = () => {
    const { checks: counts } = watch.snapshot().tally ?? {}
    return counts === undefined ? 0 : counts.ok + counts.failed + counts.cannotJudge
  }
  return { said, ids, watch, ending, checks }
}

t.test(
  'a login that is disabled, expired or locked on a real Samba is warned of, and the watch goes on',
  { skip: skipOutsideLab() },
  async (t) => {
    await using host = await Host.create({ name: 'identity' })
    const troubles = [
      ['disabled', 1331],
      ['account-expired', 1793],
      ['password-expired', 1330],
      ['locked', 1909],
    ] as const
    const users = troubles.map(([state]) => ({ name: `u-${state}`, password: 'Lab-Pass1' }))
    const samba = await host.samba({ users })
    for (const [state, nn] of troubles) {
      const { said, ids, watch, ending, checks } = begin(host.address, 'warn', `u-${state}`)
      await eventually('it watches', () => ids().includes(2))
      await samba.reload({ users: [{ name: `u-${state}`, password: 'Lab-Pass1', state }] })
      await eventually(`${nn} is warned of`, () => ids().includes(109))
      t.match(said.at(-1), { id: 109, nn }, state)
      const then = checks()
      await eventually('it goes on', () => checks() > then + 3)
      t.strictSame(ids(), [1, 2, 109], 'once')
      t.match(watch.snapshot(), { state: 'watching', failures: 0 })
      await watch.stop('enough')
      await ending
    }
  },
)

t.test(
  'a password that is changed is warned of until it is right again, and a dead server found behind it',
  { skip: skipOutsideLab() },
  async (t) => {
    await using host = await Host.create({ name: 'changed' })
    const good = { name: 'watcher', password: 'Lab-Pass1' }
    const changed = { ...good, password: 'Another-Pass1' }
    const samba = await host.samba({ users: [good] })
    const { said, ids, watch, ending } = begin(host.address, 'warn')
    await eventually('it watches', () => ids().includes(2))
    for (const times of [1, 2]) {
      await samba.reload({ users: [changed] })
      await eventually(
        'it is warned of',
        () => said.filter(({ id }) => id === 109).length === times,
      )
      t.match(said.at(-1), { nn: 1326 })
      if (times === 2) break
      await samba.reload({ users: [good] })
      await eventually('it is right', () => watch.snapshot().lastCheck?.verdict === 'ok')
    }
    await samba.stop()
    t.match(await ending, { how: 'abnormal', exitStatus: 1 })
    t.strictSame(ids().slice(-2), [72, 6])
  },
)

t.test(
  'without the option a login that is disabled is a failure of the server',
  { skip: skipOutsideLab() },
  async (t) => {
    await using host = await Host.create({ name: 'fault' })
    const good = { name: 'watcher', password: 'Lab-Pass1' }
    const samba = await host.samba({ users: [good] })
    const { said, ids, ending } = begin(host.address, 'fault')
    await eventually('it watches', () => ids().includes(2))
    await samba.reload({ users: [{ ...good, state: 'disabled' }] })
    t.match(await ending, { how: 'abnormal' })
    t.match(said.slice(-2), [{ id: 62, nn: 1331 }, { id: 6 }])
  },
)
