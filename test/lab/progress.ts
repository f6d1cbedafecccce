import { readdir, readFile } from 'node:fs/promises'
import t from 'tap'
import type { Announcement } from '../../src/alert/announcement.ts'
import type { Probe } from '../../src/probe/probe.ts'
import { sambaProbe } from '../../src/probe/samba.ts'
import { bucketEdgesS, mostRecent } from '../../src/registry/tally.ts'
import { systemClock } from '../../src/watch/clock.ts'
import { progressWarning } from '../../src/watch/progress-warning.ts'
import { WarningBoard } from '../../src/watch/warning-board.ts'
import { Watch } from '../../src/watch/watch.ts'
import { weighProgress } from '../../src/watch/weigh-progress.ts'
import { nfsWork, sambaWork, type ProcFiles, type ReadWork } from '../../src/watch/work-done.ts'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { probeOf } from '../helpers/lab-nfs.ts'
import { labuser } from '../helpers/smb-lab.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

/** What of a server is watched, by whom its work is counted, and at which address. */
type Watched = { probe: Probe; readWork: (files: ProcFiles) => ReadWork; address: string }

/** The Samba of a host. */
function sambaOf(host: Host): Watched {
  const { address } = host
  const probe = sambaProbe({
    host: address,
    port: 445,
    share: 'user',
    depth: 'share',
    credentials: labuser,
    encrypt: false,
  })
  return { probe, readWork: sambaWork, address }
}

/** A watch as it would be on the server's host: of all processes here it sees those alone. */
async function begin({ probe, readWork, address: own }: Watched, pids: () => Promise<number[]>) {
  const said: Announcement[] = []
  const announce = (announcement: Announcement) => said.push(announcement)
  const board = new WarningBoard(systemClock, () => undefined)
  const watch = new Watch({
    timing: { intervalMs: 500, retryIntervalMs: 500, deadlineMs: 3000, retries: 3 },
    probe: weighProgress(probe, {
      clock: systemClock,
      readWork: readWork({
        read: async (path) => readFile(path, 'utf8').catch(() => undefined),
        list: async (path) => {
          const here = new Set((await readdir(path)).filter((name) => /^\d+$/.test(name)))
          return (await pids()).map(String).filter((pid) => here.has(pid))
        },
      }),
      isOwn: (address) => address === own,
      weight: 0.5,
    }),
    clock: systemClock,
    announce,
    log: () => undefined,
    saveRecord: async () => undefined,
    tallySize: { edgesS: bucketEdgesS, mostRecent },
    onlookers: [progressWarning(announce, board)],
  })
  const ending = watch.run()
  const ids = () => said.map(({ id }) => id)
  await eventually('it watches', () => ids().includes(2))
  return { said, ids, watch, ending }
}

t.test('an smbd that is silent while it works for others is weighed', options, async (t) => {
  const host = await Host.create({ name: 'working' })
  t.teardown(() => host.down())
  const samba = await host.samba()
  // A client that reads without end, and is served by a process of its own.
  const writer = host.spawn('timeout', [
    '120',
    'sh',
    '-c',
    "{ while :; do echo 'get big.bin /dev/null'; sleep 0.05; done; } | smbclient //127.0.0.1/guest -N >/dev/null 2>&1",
  ])
  t.teardown(async () => {
    await writer.kill('SIGKILL').catch(() => undefined)
  })
  const { said, ids, ending, watch } = await begin(sambaOf(host), async () => samba.pids())
  await eventually('somebody is served', async () => (await samba.pids('children')).length > 2)
  // New clients get no answer, and those who are served go on.
  await samba.freeze('parent')
  await eventually('it is found slow', () => ids().includes(110))
  t.match(said.find(({ id }) => id === 110)?.detail, { failure: 'timeout' })
  t.match(await ending, { how: 'abnormal' }, 'one that never answers is found all the same')
  const { checks } = watch.snapshot().tally ?? {}
  t.ok((checks?.failed ?? 0) > 4, `after ${checks?.failed} checks in place of 4`)
  await samba.thaw('parent')
})

t.test('one that is frozen altogether counts in full', options, async (t) => {
  const host = await Host.create({ name: 'frozen' })
  t.teardown(() => host.down())
  const samba = await host.samba()
  const { ids, ending, watch } = await begin(sambaOf(host), async () => samba.pids())
  await samba.freeze()
  t.match(await ending, { how: 'abnormal' })
  t.notOk(ids().includes(110))
  t.equal(watch.snapshot().tally?.checks.failed, 4)
  await samba.thaw()
})

t.test('a Ganesha that is silent while it works for others is weighed', options, async (t) => {
  const host = await Host.create({ name: 'working' })
  t.teardown(() => host.down())
  const ganesha = await host.ganesha()
  const readers = new AbortController()
  const read = probeOf(host, { version: '3', depth: 'read', path: 'big.bin', privileged: false })
  // Others go on being served, at another address than the one that is watched.
  const reading = (async () => {
    while (!readers.signal.aborted) await read(AbortSignal.timeout(20_000))
  })()
  t.teardown(async () => {
    readers.abort()
    await reading
  })
  const address = host.address6
  const watched = {
    probe: probeOf(host, { host: address, version: '4', privileged: false }),
    readWork: nfsWork,
    address,
  }
  const { said, ids, ending, watch } = await begin(watched, async () => ganesha.pids())
  await host.cut({ mode: 'silence', peer: 'fd00:d5::1' })
  await eventually('it is found slow', () => ids().includes(110))
  t.match(said.find(({ id }) => id === 110)?.detail, { failure: 'timeout' })
  await watch.stop('test')
  await ending
})
