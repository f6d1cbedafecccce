import { createServer, type Socket } from 'node:net'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import {
  listText,
  manyWatches,
  RunningFleet,
  stateDirectory,
  type ListedWatch,
} from '../helpers/lab/running-fleet.ts'

// The long form holds the process to its aims as well: CLP_FSMON_TEST_WATCHES=1000 CLP_FSMON_TEST_WATCH_SECONDS=600
const { CLP_FSMON_TEST_WATCHES, CLP_FSMON_TEST_WATCH_SECONDS } = process.env
const isLong = CLP_FSMON_TEST_WATCHES !== undefined
const count = Number(CLP_FSMON_TEST_WATCHES ?? 60)
const windowS = Number(CLP_FSMON_TEST_WATCH_SECONDS ?? 10)
const intervalS = isLong ? 30 : 3
const patienceMs = 120_000 + count * 100

t.setTimeout((windowS + 600) * 1000)

/** The one whose server is harmed: quicker than the others, so that nobody waits for long. */
const victimTiming = { interval: 2, wait: 3, retries: 3, 'retry-interval': 1 }
const victimWorstMs = 2000 + 4 * 3000 + 3 * 1000

/** A target that takes every connection and never says a word; counts those it has. */
async function swallower(t: Test): Promise<{ port: number; taken: () => number }> {
  const sockets = new Set<Socket>()
  let taken = 0
  const server = createServer((socket) => {
    taken += 1
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen({ port: 0, backlog: 1000 }, resolve))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { port: address.port, taken: () => taken }
}

/** Where records lie on an installed system is in memory too. */
function directory(t: Test): string {
  const made = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'clp-fsmon-many-'))
  t.teardown(() => rmSync(made, { recursive: true, force: true }))
  return made
}

t.test('one process watches many servers', { skip: skipOutsideLab() }, async (t) => {
  const [samba, nfs, fragile] = await Promise.all([
    Host.create({ name: 'samba' }),
    Host.create({ name: 'nfs' }),
    Host.create({ name: 'fragile' }),
  ])
  t.teardown(() => Promise.all([samba, nfs, fragile].map((host) => host.down())))
  const [, , harmed] = await Promise.all([samba.samba(), nfs.ganesha(), fragile.samba()])
  const deaf = await swallower(t)
  const state = directory(t)
  const credentials = stateDirectory(state)
  const grounds = { samba: samba.address, nfs: nfs.address, credentials }
  const healthy = manyWatches(count, grounds)
  const healthyIds = new Set(healthy.map(({ id }) => id))
  const ofDeaf = {
    kind: 'nfs',
    directory: '/data',
    address: '10.213.0.1',
    'nfs-version': '4.1',
    'nfs-port': deaf.port,
  }
  const victim: ListedWatch = {
    id: 'victim',
    kind: 'samba',
    share: 'guest',
    address: fragile.address,
    ...victimTiming,
  }
  const defaults = { interval: intervalS, wait: 60, retries: 5 }
  const start = (watches: ListedWatch[], exitOn: string): RunningFleet => {
    const fleet = new RunningFleet(state, listText(watches, { 'exit-on': exitOn }, defaults))
    t.teardown(() => {
      fleet.kill('SIGKILL')
    })
    return fleet
  }
  const waitFor = async (fleet: RunningFleet, what: string, holds: () => boolean) => {
    await eventually(
      what,
      () => {
        if (fleet.hasEnded) throw new Error(`ended while waiting: ${what}: ${fleet.lastWords}`)
        return holds()
      },
      patienceMs,
    )
  }
  const checksOf = (fleet: RunningFleet) =>
    new Map(
      fleet
        .records()
        .filter(({ id }) => healthyIds.has(id))
        .map(({ id, tally }) => [id, tally?.checks.ok ?? 0]),
    )
  const allAnswer = async (fleet: RunningFleet, more: number) => {
    const before = checksOf(fleet)
    await waitFor(fleet, `${more} more good checks of each of ${count}`, () => {
      const now = checksOf(fleet)
      return [...healthyIds].every((id) => (now.get(id) ?? 0) >= (before.get(id) ?? 0) + more)
    })
  }
  /** The watches for which an alert of this number was given. */
  const alerted = (fleet: RunningFleet, id: number, from = 0) =>
    fleet
      .said()
      .slice(from)
      // What is abnormal still is repeated in the log alone.
      .filter((line) => line.id === id && line.kind === 'alert')
      .map(({ monitor }) => monitor ?? '')

  const first = start(
    [
      ...healthy,
      victim,
      // The one is judged, the other hangs in its first check for as long as all of this takes.
      { id: 'deafQuick', ...ofDeaf, wait: 2, retries: 1, 'retry-interval': 1, interval: 2 },
      { id: 'deafForEver', ...ofDeaf, wait: 10_000 },
    ],
    'all',
  )

  await t.test('all are well, and one that swallows every connection harms none', async (t) => {
    await allAnswer(first, 1)
    await waitFor(first, 'the deaf one is abnormal', () => {
      return first.record('deafQuick')?.state === 'abnormal'
    })
    await allAnswer(first, 2)
    const cpuBefore = first.cpuMs()
    const startedAt = performance.now()
    await sleep(windowS * 1000)
    const cpuShare = (first.cpuMs() - cpuBefore) / (performance.now() - startedAt)
    t.ok(deaf.taken() >= 3, `${deaf.taken()} connections were swallowed`)
    t.equal(first.record('deafForEver')?.tally?.checks.failed, 0, 'one still hangs')
    t.strictSame(new Set(alerted(first, 6)), new Set(['deafQuick']), 'nobody else is judged')
    const records = first.records().filter(({ id }) => healthyIds.has(id))
    t.equal(records.length, count)
    t.ok(records.every(({ state: is }) => is === 'watching' || is === 'failing'))
    const failed = records.reduce((sum, { tally }) => sum + (tally?.checks.failed ?? 0), 0)
    const checks = records.reduce((sum, { tally }) => sum + (tally?.checks.ok ?? 0), 0)
    const lateness = first.record('watches')?.lateness
    t.ok((lateness?.checks ?? 0) >= count, 'how late they began was counted')
    const privateKb = first.privateKb()
    t.comment(
      `${count} watches every ${intervalS} s, ${windowS} s: ${(cpuShare * 100).toFixed(2)} % of a core, ` +
        `late p50 ${lateness?.p50Ms} p99 ${lateness?.p99Ms} most ${lateness?.mostMs} ms, ` +
        `${privateKb} kB private, ${checks} good and ${failed} failed checks, load ${loadavg()[0]}`,
    )
    if (!isLong) return
    t.equal(failed, 0)
    t.ok(cpuShare < 0.1, 'below a tenth of a core')
    t.ok((lateness?.p99Ms ?? Infinity) <= 50, 'p99 of the lateness is 50 ms or less')
  })

  await t.test('a fault of one is found in its own time, and its end as well', async (t) => {
    const from = first.said().length
    await waitFor(first, 'the victim is well', () => first.record('victim')?.state === 'watching')
    await harmed.freeze()
    const frozenAt = performance.now()
    await waitFor(first, 'the victim is abnormal', () => {
      return first.record('victim')?.state === 'abnormal'
    })
    const tookMs = Math.round(performance.now() - frozenAt)
    t.comment(`found after ${tookMs} ms, ${victimWorstMs} are promised`)
    t.ok(tookMs > 4 * 2900, 'not before all of its checks have failed')
    if (isLong) t.ok(tookMs < victimWorstMs + 2000)
    await waitFor(first, 'its alert is there', () => alerted(first, 6, from).length > 0)
    await waitFor(
      first,
      'the process says so too',
      () => first.record('watches')?.state === 'failing',
    )
    t.match(first.record('watches'), { lastCheck: { reason: /^(victim|deaf)/ } })
    t.strictSame(new Set(alerted(first, 6, from)), new Set(['victim']))
    await allAnswer(first, 1)
    await harmed.thaw()
    await waitFor(first, 'the victim is back', () => first.record('victim')?.state === 'watching')
  })

  await t.test('after a kill -9 all IDs can be started again at once', async (t) => {
    const before = first.said().length
    first.kill('SIGKILL')
    t.equal(await first.ended, null)
    const second = start([...healthy, victim], 'any')
    await waitFor(second, 'all are well', () => second.record('watches')?.state === 'watching')
    t.equal(second.records().length, count + 1, 'each is of the new process')
    const tookOver = second
      .said()
      .slice(before)
      .filter(({ message }) => message.startsWith('took over the ID'))
    t.equal(tookOver.length, count + 2, 'the process’s own is one of them')

    await t.test(
      'where any may end it, it ends with the one: 6 for it, 3 for the rest',
      async (t) => {
        const from = second.said().length
        await harmed.freeze()
        t.equal(await second.ended, 1)
        t.strictSame(alerted(second, 6, from), ['victim'])
        t.strictSame(new Set(alerted(second, 3, from)), healthyIds)
        t.match(second.record('victim'), { ended: { how: 'abnormal', exitStatus: 1 } })
        t.match(second.record('watches'), {
          ended: { how: 'abnormal', exitStatus: 1 },
          lastCheck: { reason: /^victim: / },
        })
        const others = second.records().filter(({ id }) => healthyIds.has(id))
        t.equal(others.length, count)
        t.ok(others.every(({ ended }) => ended?.exitStatus === 0))
      },
    )
  })
})

t.test(
  'a thousand exports that hang leave a reserved port for others',
  { skip: skipOutsideLab() },
  async (t) => {
    const host = await Host.create({ name: 'nfs' })
    t.teardown(() => host.down())
    await host.ganesha()
    const deaf = await swallower(t)
    const state = directory(t)
    stateDirectory(state)
    const hanging = Array.from({ length: 1000 }, (_, at) => ({
      id: `h${at}`,
      kind: 'nfs',
      directory: '/data',
      address: '10.213.0.1',
      'nfs-version': '4.1',
      'nfs-port': deaf.port,
    }))
    const well = {
      id: 'well',
      kind: 'nfs',
      directory: '/data',
      address: host.address,
      'nfs-version': '4.1',
      interval: 1,
    }
    const head = { 'exit-on': 'any', limits: { 'per-address': 1000, 'in-flight': 2000 } }
    const fleet = new RunningFleet(state, listText([...hanging, well], head, { wait: 10_000 }))
    t.teardown(() => {
      fleet.kill('SIGKILL')
    })
    await eventually('as many hang as may', () => deaf.taken() >= 400, patienceMs)
    const before = fleet.record('well')?.tally?.checks.ok ?? 0
    await eventually('the other one is asked on', () => {
      return (fleet.record('well')?.tally?.checks.ok ?? 0) >= before + 3
    })
    t.equal(deaf.taken(), 400)
    t.strictSame(
      fleet.said().filter(({ message }) => message.includes('could not judge')),
      [],
    )
    fleet.kill('SIGTERM')
    t.equal(await fleet.ended, 0)
  },
)
