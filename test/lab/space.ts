import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Announcement } from '../../src/alert/announcement.ts'
import type { NfsTarget } from '../../src/probe/nfs-check.ts'
import { nfsProbe } from '../../src/probe/nfs.ts'
import { nfsSpace } from '../../src/probe/nfs-space.ts'
import { sambaProbe, type SambaTarget } from '../../src/probe/samba.ts'
import { sambaSpace } from '../../src/probe/samba-space.ts'
import type { MeasureSpace, Space } from '../../src/probe/space.ts'
import { bucketEdgesS, mostRecent } from '../../src/registry/tally.ts'
import { systemClock } from '../../src/watch/clock.ts'
import { TrendWatch } from '../../src/watch/trend-watch.ts'
import { WarningBoard } from '../../src/watch/warning-board.ts'
import { Watch } from '../../src/watch/watch.ts'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { labuser } from '../helpers/smb-lab.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

/** Where series are recorded to, for test/watch/recorded; nowhere unless told. */
const recordTo = process.env.CLP_FSMON_RECORD

const directory = '/srv/small'
const mebibyte = 1024 * 1024

async function run(host: Host, command: string, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await host.exec(command, args)
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
  return stdout
}

/** A host with a small file system of its own, for the servers to share. */
async function hostWithSmallDisk(t: Test, name: string): Promise<Host> {
  const host = await Host.create({ name })
  t.teardown(() => host.down())
  await run(host, 'mkdir', '-p', directory)
  await run(host, 'mount', '-t', 'tmpfs', '-o', 'size=64m,mode=777', 'small', directory)
  return host
}

/** What the host itself says of that file system. */
async function spaceByDf(host: Host): Promise<Space> {
  const lines = (await run(host, 'df', '-B1', '--output=size,avail', directory)).split('\n')
  const [totalBytes = NaN, freeBytes = NaN] = (lines[1] ?? '').trim().split(/\s+/).map(Number)
  return { totalBytes, freeBytes }
}

async function fill(host: Host, name: string, count: number): Promise<void> {
  await run(host, 'dd', 'if=/dev/zero', `of=${directory}/${name}`, 'bs=1M', `count=${count}`)
}

const soon = () => AbortSignal.timeout(60_000)

/** Holds a measurement to what the host itself says, empty and half full. */
async function compare(t: Test, host: Host, measure: MeasureSpace, name: string): Promise<void> {
  for (const file of [undefined, 'half']) {
    if (file !== undefined) await fill(host, file, 32)
    const [measured, space] = [await measure(soon()), await spaceByDf(host)]
    t.same(measured, { kind: 'measured', space }, `${name}: as df has it`)
  }
  await run(host, 'rm', '-f', `${directory}/half`)
}

const samba = (host: Host, share: string): SambaTarget => ({
  host: host.address,
  port: 445,
  share,
  depth: 'share',
  credentials: labuser,
  encrypt: false,
})

t.test('Samba tells how much space is left, as df on its host does', options, async (t) => {
  const host = await hostWithSmallDisk(t, 'space')
  await host.samba({ shares: { small: [`path = ${directory}`, 'read only = no'] } })
  await using capture = await host.capture()
  await compare(t, host, sambaSpace(samba(host, 'small')), 'SMB')
  const seen = await capture.decode('smb2.cmd == 16 and smb2.flags.response == 1', [
    'smb2.nt_status',
    'smb.caller_free_alloc_units',
    'smb.fs_sector_per_unit',
    'smb.fs_bytes_per_sector',
    '_ws.malformed',
  ])
  t.equal(seen.length, 2)
  const bytes = seen.map(
    (one) =>
      Number(one['smb.caller_free_alloc_units']) *
      Number(one['smb.fs_sector_per_unit']) *
      Number(one['smb.fs_bytes_per_sector']),
  )
  t.strictSame(bytes, [64 * mebibyte, 32 * mebibyte], 'tshark reads the same')
})

const nfs = (host: Host, version: NfsTarget['version']): NfsTarget => ({
  host: host.address,
  directory: version === '3' ? directory : '/small',
  depth: 'share',
  version,
  transport: 'tcp',
  machineName: 'lab',
  privileged: true,
})

t.test('Ganesha tells it in every version', options, async (t) => {
  const host = await hostWithSmallDisk(t, 'space')
  await host.ganesha({
    exports: [{ path: directory, pseudo: '/small', extra: 'Filesystem_Id = 77.77;' }],
  })
  await using capture = await host.capture()
  for (const version of ['3', '4.0', '4.1', '4.2'] as const) {
    await compare(t, host, nfsSpace(nfs(host, version)), version)
  }
  const v3 = await capture.decode('nfs.procedure_v3 == 18 and rpc.msgtyp == 1', [
    'nfs.fsstat3_resok.abytes',
  ])
  t.strictSame(
    v3.map((one) => Number(one['nfs.fsstat3_resok.abytes'])),
    [64 * mebibyte, 32 * mebibyte],
  )
  const v4 = await capture.decode('nfs.fattr4.space_avail and rpc.msgtyp == 1', [
    'nfs.fattr4.space_avail',
  ])
  t.strictSame(
    v4.map((one) => Number(one['nfs.fattr4.space_avail'])),
    [64, 32, 64, 32, 64, 32].map((size) => size * mebibyte),
  )
})

t.test(
  'a share that fills up is foreseen, and a check that is asked beside it',
  options,
  async (t) => {
    const host = await hostWithSmallDisk(t, 'filling')
    await host.samba({ shares: { small: [`path = ${directory}`, 'read only = no'] } })
    const said: Announcement[] = []
    const margins: number[] = []
    const announce = (announcement: Announcement) => said.push(announcement)
    const log = () => undefined
    const limit = 8 * mebibyte
    const measure = sambaSpace(samba(host, 'small'))
    const trend = new TrendWatch({
      samples: 20,
      aheadMs: 10_000,
      clock: systemClock,
      announce,
      log,
      board: new WarningBoard(systemClock, () => undefined),
      space: {
        limit: { bytes: limit },
        deadlineMs: 10_000,
        measure: async (signal) => {
          const measured = await measure(signal)
          if (measured.kind === 'measured') margins.push(measured.space.freeBytes - limit)
          return measured
        },
      },
      readProc: async () => '',
    })
    const everyMs = 500
    const watch = new Watch({
      timing: { intervalMs: everyMs, retryIntervalMs: everyMs, deadlineMs: 30_000, retries: 5 },
      probe: sambaProbe(samba(host, 'small')),
      clock: systemClock,
      announce,
      log,
      saveRecord: async () => undefined,
      tallySize: { edgesS: bucketEdgesS, mostRecent },
      onlookers: [trend],
    })
    t.teardown(async () => watch.stop('the end of the test'))
    void watch.run()
    await eventually('it has been quiet for a while', () => margins.length > 12)
    t.notOk(said.some(({ id }) => id === 103))
    // A mebibyte every half a second: the limit comes after 56 of them.
    const filler = host.spawn('sh', [
      '-c',
      `i=0; while [ $i -lt 60 ]; do head -c 1048576 /dev/zero >${directory}/fill$i; i=$((i+1)); sleep 0.5; done`,
    ])
    await eventually('it is foreseen', () => said.some(({ id }) => id === 103))
    const warning = said.find(({ id }) => id === 103)
    t.match(warning, { text: 'free space', detail: { limit, unit: 'bytes' } })
    t.ok(Number(warning?.detail?.['value']) > limit, 'before the limit is reached')
    await eventually('it is reached', () => (margins.at(-1) ?? 1) <= 0)
    const recorded = [...margins]
    await filler.finished
    await run(host, 'sh', '-c', `rm -f ${directory}/fill*`)
    await eventually('the danger has passed', () => said.some(({ id }) => id === 104))
    t.match(watch.snapshot(), { failures: 0, state: 'watching' })
    record('samba-space-filling', everyMs, recorded)
  },
)

function record(name: string, everyMs: number, margins: number[]): void {
  if (recordTo === undefined) return
  const series = { everyMs, margins: margins.map((margin) => Math.round(margin * 10) / 10) }
  writeFileSync(join(recordTo, `${name}.json`), `${JSON.stringify(series)}\n`)
}

t.test('response times of real servers are recorded, idle and loaded', options, async (t) => {
  if (recordTo === undefined) return
  const host = await hostWithSmallDisk(t, 'response')
  await host.samba({ shares: { small: [`path = ${directory}`, 'read only = no'] } })
  await host.ganesha({
    exports: [{ path: directory, pseudo: '/small', extra: 'Filesystem_Id = 77.77;' }],
  })
  const waitMs = 1000
  const probes = {
    samba: sambaProbe(samba(host, 'small')),
    ganesha: nfsProbe(nfs(host, '4.1')),
  }
  for (const load of ['idle', 'loaded'] as const) {
    const burner =
      load === 'loaded'
        ? host.spawn('timeout', [
            '40',
            'sh',
            '-c',
            'while :; do dd if=/dev/zero of=/srv/small/load bs=1M count=16 2>/dev/null; done',
          ])
        : undefined
    for (const [name, probe] of Object.entries(probes)) {
      const margins: number[] = []
      for (let check = 0; check < 120; check += 1) {
        const began = performance.now()
        await probe(soon())
        margins.push(waitMs - (performance.now() - began))
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      record(`${name}-response-${load}`, 100, margins)
    }
    await burner?.kill('SIGTERM')
  }
})
