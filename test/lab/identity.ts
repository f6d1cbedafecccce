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

function begin(host: string, onIdentity: 'fault' | 'warn') {
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
      credentials: Credentials.user('watcher', 'Lab-Pass1'),
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
  'a login that is disabled, expired or changed on a real Samba is warned of, and a dead one found',
  { skip: skipOutsideLab() },
  async (t) => {
    await using host = await Host.create({ name: 'identity' })
    const good = { name: 'watcher', password: 'Lab-Pass1' }
    const samba = await host.samba({ users: [good] })
    const { said, ids, watch, ending, checks } = begin(host.address, 'warn')
    await eventually('it watches', () => ids().includes(2))
    const troubles = [
      [{ ...good, state: 'disabled' as const }, 1331],
      [{ ...good, state: 'account-expired' as const }, 1793],
      [{ ...good, state: 'password-expired' as const }, 1330],
      [{ ...good, state: 'locked' as const }, 1909],
      [{ ...good, password: 'Another-Pass1' }, 1326],
    ] as const
    for (const [user, nn] of troubles) {
      const before = said.length
      await samba.reload({ users: [user] })
      await eventually(`${nn} is warned of`, () => said.length > before)
      t.match(said.slice(before), [{ id: 109, nn }])
      const then = checks()
      await eventually('it goes on', () => checks() > then + 3)
      t.equal(said.length, before + 1, 'once')
      t.equal(watch.snapshot().failures, 0)
      await samba.reload({ users: [good] })
      await eventually('the login works again', () => watch.snapshot().lastCheck?.verdict === 'ok')
    }
    await samba.reload({ users: [{ ...good, state: 'disabled' }] })
    await eventually('it is warned of', () => watch.snapshot().lastCheck?.verdict !== 'ok')
    await samba.stop()
    t.match(await ending, { how: 'abnormal', exitStatus: 1 }, 'a dead server is found behind it')
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
