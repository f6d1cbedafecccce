import t from 'tap'
import type { Depth } from '../../../src/probe/probe.ts'
import { type SambaTarget, sambaProbe } from '../../../src/probe/samba.ts'
import { eventually } from '../../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../../helpers/lab.ts'
import { labuser, summary } from '../../helpers/smb-lab.ts'
import { smbFraming } from '../../helpers/matrix/framing.ts'
import {
  crash,
  exhaustDescriptors,
  MortalDisk,
  mountDisk,
  mountFull,
  powerOn,
  pullPlug,
  remount,
  requestIsUnread,
  thawAfter,
  unmount,
} from '../../helpers/matrix/machine.ts'
import { chosenFaults, deadlineMs, type Fault, runMatrix } from '../../helpers/matrix/matrix.ts'

t.setTimeout(1_200_000)

type More = Partial<SambaTarget>

/** Round trips of a check at depth read; each takes twice the delay of one packet. */
const roundTrips = 9

t.test(
  'Samba says of every fault at every phase what it should',
  { skip: skipOutsideLab() },
  async (t) => {
    const host = await Host.create({ name: 'samba' })
    t.teardown(() => host.down())
    const own = (name: string) => [`path = /srv/samba/${name}`, 'valid users = labuser']
    const writable = (name: string) => [...own(name), 'read only = no']
    const usual = {
      shares: {
        disk: writable('disk'),
        full: writable('full'),
        ro: writable('ro'),
        no: [...own('user'), 'read only = yes'],
      },
    }
    const make =
      'mkdir -p -m 777 /srv/samba/disk /srv/samba/full /srv/samba/ro /srv/samba/user/disk'
    const samba = await host.samba(usual)
    await host.exec('sh', ['-c', `${make} && echo hello >/srv/samba/user/disk/hello.txt`])

    let others = new Set<number>()
    /** The process that serves the connection of this check; before it is there the parent may still fork. */
    const child = async (): Promise<number> => {
      let pid: number | undefined
      await eventually('there is a process for the connection', async () => {
        pid = (await samba.pids('children')).find((each) => !others.has(each))
        return pid !== undefined
      })
      return pid ?? 0
    }
    /** A fault that comes as it is, whenever the connection has a process of its own. */
    const once = (inject: () => Promise<unknown>) => (beforeCheck: boolean) => ({
      inject: async () => {
        if (!beforeCheck) await child()
        await inject()
      },
    })
    const start = () => samba.start()
    const heal = () => host.heal()
    const delay = (share: number): Fault<More> => ({
      harm: (beforeCheck) =>
        beforeCheck
          ? { inject: () => host.delay((deadlineMs * share) / roundTrips / 2) }
          : { delayMs: deadlineMs * share },
      mend: heal,
    })
    let disk: MortalDisk | undefined
    const frozenDisk = (directory: string, target: More): Fault<More> => ({
      target,
      prepare: async () => {
        disk = await MortalDisk.mount(host, directory)
      },
      harm: () => ({ inject: async () => disk?.freeze() }),
      mend: async () => disk?.remove(),
    })
    let thawed = Promise.resolve(0)
    let give: (() => Promise<void>) | undefined
    let other: ReturnType<Host['spawn']> | undefined

    const faults: Record<string, Fault<More>> = {
      'parent frozen': {
        harm: once(() => samba.freeze('parent')),
        mend: () => samba.thaw('parent'),
      },
      'child frozen': {
        harm: once(() => samba.freeze('children')),
        mend: () => samba.thaw('children'),
      },
      'all frozen': { harm: once(() => samba.freeze()), mend: () => samba.thaw() },
      'all frozen for half the deadline': {
        harm: (beforeCheck) => ({
          inject: async () => {
            if (!beforeCheck) await child()
            await samba.freeze()
            thawed = thawAfter(await samba.pids(), deadlineMs / 2)
          },
          lateMs: async () => thawed,
        }),
        mend: async () => void (await thawed),
      },
      'all killed': { harm: once(() => samba.kill()), mend: start },
      'child killed': {
        harm: () => ({ inject: async () => void process.kill(await child(), 'SIGKILL') }),
      },
      'killed with a request in work': {
        harm: (beforeCheck) => ({
          ...once(() => samba.freeze())(beforeCheck),
          follow: async () => {
            await requestIsUnread(host, [445])
            await samba.kill()
          },
        }),
        mend: start,
      },
      'crashed mid-answer': {
        harm: () => ({ half: true, inject: async () => crash(await child()) }),
      },
      'port closed': { harm: once(() => host.cut({ mode: 'reset', port: 445 })), mend: heal },
      'packets dropped': { harm: once(() => host.cut()), mend: heal },
      'delay of half the deadline': delay(0.5),
      'delay of one and a half deadlines': delay(1.5),
      '30 % loss': { harm: once(() => host.cut({ mode: 'loss' })), mend: heal },
      '30 % loss, deadline of 60 s': {
        deadlineMs: 60_000,
        checks: 6,
        harm: once(() => host.cut({ mode: 'loss' })),
        mend: heal,
      },
      'host gone without a word': {
        harm: once(() => pullPlug(host)),
        mend: async () => {
          await powerOn(host)
          await samba.start()
        },
      },
      'host rebooted': {
        harm: once(async () => {
          await pullPlug(host)
          await powerOn(host)
          await samba.start()
        }),
      },
      restarted: { harm: once(() => samba.restart()) },
      'disk below the share frozen': frozenDisk('/srv/samba/user/disk', { path: 'disk/hello.txt' }),
      'disk of the share itself frozen': frozenDisk('/srv/samba/disk', { share: 'disk' }),
      'disk full': {
        target: { share: 'full' },
        prepare: () => mountFull(host, '/srv/samba/full'),
        harm: () => ({}),
        mend: () => unmount(host, '/srv/samba/full'),
      },
      'out of file descriptors': {
        harm: (beforeCheck) => ({
          inject: async () => {
            const [parent = 0] = await samba.pids('parent')
            const pid = beforeCheck ? parent : await child()
            const restore = await exhaustDescriptors(pid)
            // A process that serves us ends with our connection, and need not be mended.
            give = beforeCheck ? restore : undefined
          },
        }),
        mend: async () => give?.(),
      },
      'out of processes': {
        harm: once(() => samba.reload({ ...usual, global: ['max smbd processes = 1'] })),
        mend: () => samba.reload(usual),
      },
      'out of connections to the share': {
        target: { share: 'max1' },
        harm: () => ({
          inject: async () => {
            other = host.spawn('smbclient', ['-U', 'labuser%Lab-Pass1', `//${host.address}/max1`])
            await eventually('somebody else is connected', async () => {
              return (await host.exec('smbstatus', ['--shares'])).stdout.includes('max1')
            })
          },
        }),
        mend: async () => {
          await other?.[Symbol.asyncDispose]()
          await eventually('nobody else is connected', async () => {
            return !(await host.exec('smbstatus', ['--shares'])).stdout.includes('max1')
          })
        },
      },
    }
    const subject = {
      address: host.address,
      ports: [445],
      framing: smbFraming,
      probe: (depth: string, _: boolean, more?: More) =>
        sambaProbe({
          host: host.address,
          port: 445,
          share: 'user',
          depth: depth as Depth,
          credentials: labuser,
          encrypt: false,
          ...more,
        }),
      verdict: summary,
      settle: async () => {
        others = new Set(await samba.pids('children'))
      },
    }
    await runMatrix<More>(t, {
      ...subject,
      name: 'Samba',
      phases: {
        share: [undefined, 0, 1, 2, 3, 4, undefined, undefined, undefined, 6],
        read: [undefined, 0, 1, 2, 3, 4, 5, 6, 7, 9],
      },
      faults,
    })
    await runMatrix<More>(t, {
      ...subject,
      name: 'Samba, write',
      phases: { write: [undefined, 7, 8, 9, 10, 11, 13] },
      faults: {
        ...chosenFaults(faults, [
          'child frozen',
          'all frozen',
          'all frozen for half the deadline',
          'all killed',
          'packets dropped',
          'restarted',
          'disk of the share itself frozen',
        ]),
        'share read-only': { target: { share: 'no' }, harm: () => ({}) },
        'disk read-only': {
          target: { share: 'ro' },
          prepare: () => mountDisk(host, '/srv/samba/ro'),
          harm: () => ({ inject: () => remount(host, '/srv/samba/ro', 'ro') }),
          mend: () => unmount(host, '/srv/samba/ro'),
        },
      },
    })
  },
)
