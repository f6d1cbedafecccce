import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Test } from 'tap'
import type { NfsTarget } from '../../../src/probe/nfs-check.ts'
import type { Depth } from '../../../src/probe/probe.ts'
import { eventually } from '../eventually.ts'
import { probeOf } from '../lab-nfs.ts'
import { Host } from '../lab.ts'
import { rpcFraming } from './framing.ts'
import {
  crash,
  exhaustDescriptors,
  mountDisk,
  mountFull,
  powerOn,
  pullPlug,
  remount,
  requestIsUnread,
  thawAfter,
} from './machine.ts'
import { chosenFaults, deadlineMs, type Fault, runMatrix } from './matrix.ts'
import { verdict } from './nfs-verdict.ts'

type More = Partial<NfsTarget>

/** What is particular to one version. */
export type Version = {
  name: string
  version: '3' | '4.0' | '4.1'
  /** of a check at depth read */
  roundTrips: number
  /** whole answers up to each phase of the table, by depth */
  phases: Readonly<Record<string, readonly (number | undefined)[]>>
  /** the same of a check at depth write, for the table of its own */
  writePhases: readonly (number | undefined)[]
}

const ports = [111, 2049, 20_048]
const mostConnections = 64

/** Tries every fault on a Ganesha that is asked in one version, at every phase. */
export async function runGaneshaMatrix(t: Test, about: Version): Promise<void> {
  const { name, version, roundTrips, phases, writePhases } = about
  const isV3 = version === '3'
  const [host, back] = await Promise.all([
    Host.create({ name: 'nfs' }),
    Host.create({ name: 'disk' }),
  ])
  t.teardown(() => Promise.all([host.down(), back.down()]))
  const behind = await back.ganesha({ protocols: '4' })
  const full = '/srv/nfs/full'
  const disk = '/srv/nfs/disk'
  await mountFull(host, full)
  await mountDisk(host, disk)
  const ganesha = await host.ganesha({
    exports: [
      { path: '/srv/nfs/data', pseudo: '/data' },
      { path: full, pseudo: '/full' },
      { path: disk, pseudo: '/disk' },
    ],
    core: [`RPC_Max_Connections = ${mostConnections}`],
    extra: `EXPORT { Export_Id = 9; Path = /data; Pseudo = /far;
        FSAL { Name = PROXY_V4; Srv_Addr = ${back.address}; } }`,
  })
  const rpcbind = host.service('rpcbind')
  // The kernel may take a connection from a port that was used a moment ago for one that it still leads to
  // a relay; there are only some hundred reserved ports.
  const probe = (depth: string, isRelayed: boolean, more: More = {}) =>
    probeOf(host, { version, depth: depth as Depth, privileged: !isRelayed, ...more })

  const always = (inject: () => Promise<unknown>) => () => ({
    inject: async () => void (await inject()),
  })
  const start = () => ganesha.start()
  const heal = () => host.heal()
  const delay = (share: number): Fault<More> => ({
    harm: (beforeCheck) =>
      beforeCheck
        ? { inject: () => host.delay((deadlineMs * share) / roundTrips / 2) }
        : { delayMs: deadlineMs * share },
    mend: heal,
  })
  const boot = async () => {
    await powerOn(host)
    await mountFull(host, full)
    await mountDisk(host, disk)
    await ganesha.start()
  }
  const onDisk: More = { directory: isV3 ? '/data' : '/far', path: 'hello.txt' }
  const onFull: More = { directory: isV3 ? full : '/full' }
  let thawed = Promise.resolve(0)
  let give: (() => Promise<void>) | undefined
  let idle: Socket[] = []

  const faults: Record<string, Fault<More>> = {
    frozen: { harm: always(() => ganesha.freeze()), mend: () => ganesha.thaw() },
    'rpcbind frozen': { harm: always(() => rpcbind.freeze()), mend: () => rpcbind.thaw() },
    'frozen for half the deadline': {
      harm: () => ({
        inject: async () => {
          const pids = await ganesha.pids()
          await ganesha.freeze()
          thawed = thawAfter(pids, deadlineMs / 2)
        },
        lateMs: async () => thawed,
      }),
      mend: async () => void (await thawed),
    },
    killed: { harm: always(() => ganesha.kill()), mend: start },
    'rpcbind killed': {
      harm: always(() => rpcbind.kill()),
      mend: async () => {
        await ganesha.stop()
        await ganesha.start()
      },
    },
    'killed with a request in work': {
      harm: () => ({
        inject: () => ganesha.freeze(),
        follow: async () => {
          await requestIsUnread(host, ports)
          await ganesha.kill()
        },
      }),
      mend: start,
    },
    'crashed mid-answer': {
      harm: () => ({
        half: true,
        inject: async () => {
          const [pid = 0] = await ganesha.pids()
          await crash(pid)
        },
      }),
      mend: start,
    },
    'port closed': { harm: always(() => host.cut({ mode: 'reset', port: ports })), mend: heal },
    'packets dropped': { harm: always(() => host.cut()), mend: heal },
    'delay of half the deadline': delay(0.5),
    'delay of one and a half deadlines': delay(1.5),
    '30 % loss': { harm: always(() => host.cut({ mode: 'loss' })), mend: heal },
    '30 % loss, deadline of 60 s': {
      deadlineMs: 60_000,
      checks: 6,
      harm: always(() => host.cut({ mode: 'loss' })),
      mend: heal,
    },
    'host gone without a word': { harm: always(() => pullPlug(host)), mend: boot },
    'host rebooted': {
      harm: always(async () => {
        await pullPlug(host)
        await boot()
      }),
    },
    restarted: { harm: always(() => ganesha.restart()) },
    'disk frozen': {
      target: onDisk,
      prepare: async () => {
        // It knows what it has just been asked for.
        const passed = await probe('share', false, onDisk)(AbortSignal.timeout(20_000))
        t.equal(passed.kind, 'ok', 'the disk is well before')
      },
      harm: always(() => behind.freeze()),
      mend: () => behind.thaw(),
    },
    'disk full': { target: onFull, harm: always(async () => {}) },
    'out of file descriptors': {
      harm: always(async () => {
        const [pid = 0] = await ganesha.pids()
        give = await exhaustDescriptors(pid)
      }),
      mend: async () => give?.(),
    },
    'out of connections': {
      harm: always(async () => {
        const before = countOf(await ganesha.log())
        idle = []
        while (countOf(await ganesha.log()) === before) {
          for (let i = 0; i < 8; i++) {
            const socket = connect(2049, host.address)
            socket.on('error', () => {})
            idle.push(socket)
            await once(socket, 'connect')
          }
        }
      }),
      mend: async () => {
        for (const socket of idle) socket.destroy()
        await eventually('nobody else is connected', async () => {
          const { stdout } = await host.exec('ss', ['-Htn', 'sport', '=', ':2049'])
          return stdout.trim() === ''
        })
      },
    },
  }
  if (!isV3) {
    for (const fault of Object.keys(faults)) if (fault.startsWith('rpcbind')) delete faults[fault]
  }

  const subject = { address: host.address, ports, framing: rpcFraming, probe, verdict }
  await runMatrix<More>(t, { ...subject, name, phases, faults })
  await runMatrix<More>(t, {
    ...subject,
    name: `${name}, write`,
    phases: { write: writePhases },
    faults: {
      ...chosenFaults(faults, [
        'frozen',
        'frozen for half the deadline',
        'killed',
        'packets dropped',
        'restarted',
      ]),
      'disk read-only': {
        target: { directory: isV3 ? disk : '/disk' },
        harm: always(() => remount(host, disk, 'ro')),
        mend: () => remount(host, disk, 'rw'),
      },
    },
  })
}

/** How often it has turned somebody out. */
function countOf(log: string): number {
  return [...log.matchAll(/max_connections \d+ exceeded/g)].length
}
