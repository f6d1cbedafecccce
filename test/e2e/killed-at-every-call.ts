import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { runCommand, type CommandOptions, type RunningCommand } from '../helpers/command.ts'
import { tellControl } from '../helpers/control-socket.ts'
import { watchedNfs, type WatchedNfs } from '../helpers/nfs-watch.ts'
import {
  killedAt,
  momentsOf,
  skipWithoutStrace,
  tracedInto,
  type Moment,
  type Scope,
} from '../helpers/system-calls.ts'

t.setTimeout(1_800_000)

/** Of how many moments one is tried; 1 tries every one. */
const stride = Number(process.env.CLP_FSMON_TEST_KILL_STRIDE ?? 6)
/** A lock that was left behind is in nobody's way for longer. */
const staleMs = 2000
/** How late a busy machine may make a start. */
const patienceMs = 15_000

const skip = skipWithoutStrace()

type Place = { root: string; run: string; options: CommandOptions }

function placeIn(nfs: WatchedNfs, name: string): Place {
  const root = join(nfs.env.CLP_FSMON_ROOT, name)
  mkdirSync(root)
  // The license, and with the second of them a record, as a monitor that was killed left it.
  cpSync(join(nfs.env.CLP_FSMON_ROOT, 'var'), join(root, 'var'), { recursive: true })
  return {
    root,
    run: join(root, 'run/clp-fsmon'),
    options: { env: { CLP_FSMON_ROOT: root } },
  }
}

const registryOf = ({ run }: Place): Scope => ({
  paths: ['', '/x.json', '/.x.lock', '/.x.%PID.tmp', '/x.sock'].map((name) => run + name),
})

/** From the start to the end, with a change of the record for every word; gives up when it is killed. */
async function liveOn(place: Place, monitor: RunningCommand): Promise<void> {
  try {
    await monitor.said(/ 2 INFO /)
    for (const action of ['pause', 'continue', 'stop']) {
      await tellControl(place.root, 'x', `{"command":"clp_nfsmon","action":"${action}"}\n`)
    }
  } catch {
    // Killed.
  }
  await monitor.ended
}

/** Whatever was interrupted: what is there reads clean, and the ID can be had; gives the time that took. */
async function recovers(t: Test, nfs: WatchedNfs, place: Place, what: string): Promise<number> {
  const { run, options } = place
  const shown = await runCommand(t, 'clp_nfsmon', ['x', '-disp', '--json'], options)
  const hasRecord = existsSync(join(run, 'x.json'))
  if (shown.status !== (hasRecord ? 0 : 3)) t.fail(`${what}: the record reads clean`, shown)
  if (hasRecord && JSON.parse(shown.out).id !== 'x') t.fail(`${what}: the record is whole`, shown)
  const began = performance.now()
  const next = nfs.start('x', [], options)
  try {
    await next.said(/ 2 INFO /)
  } catch (error) {
    t.fail(`${what}: the ID can be had again: ${String(error)}`)
    return 0
  }
  const tookMs = performance.now() - began
  next.child.kill('SIGTERM')
  if ((await next.ended).status !== 0) t.fail(`${what}: the next one ends well`)
  const left = readdirSync(run)
  if (left.join() !== 'x.json') t.fail(`${what}: nothing else is left behind`, { left })
  return tookMs
}

async function twoAtATime<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all([worker(), worker()])
}

const everyNth = (moments: Moment[]) => moments.filter((_, at) => at % stride === 0)

function tell(t: Test, what: string, moments: Moment[], tried: Moment[], longestMs: number): void {
  const calls = [...new Set(moments.map(({ call }) => call))].toSorted().join(' ')
  t.comment(
    `${what}: killed at ${tried.length} of ${moments.length} calls (${calls}); the next one took ${Math.round(longestMs)} ms at most`,
  )
}

const befores = {
  'that is new': () => {},
  'that was another one’s': (nfs: WatchedNfs, { run }: Place) => {
    cpSync(join(nfs.env.CLP_FSMON_ROOT, 'run/clp-fsmon'), run, {
      recursive: true,
      filter: (path) => !path.endsWith('.sock'),
    })
  },
}

for (const [kind, before] of Object.entries(befores)) {
  t.test(
    `killed before any call on the registry, with an ID ${kind}, a monitor leaves nothing in the way`,
    { skip },
    async (t) => {
      const nfs = await watchedNfs(t)
      const victim = nfs.start('x')
      await victim.said(/ 2 INFO /)
      victim.child.kill('SIGKILL')
      await victim.ended

      const whole = placeIn(nfs, 'whole')
      before(nfs, whole)
      const moments: Moment[] = []
      for (const scope of [registryOf(whole), { calls: ['bind', 'listen'] }]) {
        const log = join(nfs.env.CLP_FSMON_ROOT, `calls${moments.length}`)
        const via = tracedInto(log, scope)
        const monitor = nfs.start('x', [], { ...whole.options, via })
        await liveOn(whole, monitor)
        t.match(await monitor.ended, { status: 0 }, 'unharmed it lives its whole life')
        const isOurs = (line: string) => /\/run\/clp-fsmon|sun_path|^\d+ +listen/.test(line)
        moments.push(...momentsOf(log, isOurs))
      }
      t.ok(moments.length > 40, `${moments.length} calls are made on the registry`)

      let longestMs = 0
      let kills = 0
      const tried = everyNth(moments)
      await twoAtATime([...tried.entries()], async ([at, moment]) => {
        const place = placeIn(nfs, `at${at}`)
        before(nfs, place)
        const isOfSocket = moment.call === 'bind' || moment.call === 'listen'
        const via = killedAt(moment, isOfSocket ? {} : registryOf(place))
        const monitor = nfs.start('x', [], { ...place.options, via })
        await liveOn(place, monitor)
        if ((await monitor.ended).signal === 'SIGKILL') kills += 1
        const what = `${moment.call} ${moment.nth}`
        longestMs = Math.max(longestMs, await recovers(t, nfs, place, what))
      })
      tell(t, `an ID ${kind}`, moments, tried, longestMs)
      t.ok(kills > tried.length * 0.9, `${kills} of ${tried.length} were killed indeed`)
      t.ok(longestMs < staleMs + patienceMs, 'a lock left behind is in the way for its time only')
    },
  )
}

t.test(
  'killed before any call on the registry, -del leaves nothing in the way',
  { skip },
  async (t) => {
    const nfs = await watchedNfs(t)
    const victim = nfs.start('x')
    await victim.said(/ 2 INFO /)
    victim.child.kill('SIGKILL')
    await victim.ended
    const dead = befores['that was another one’s']

    const whole = placeIn(nfs, 'whole')
    dead(nfs, whole)
    const log = join(nfs.env.CLP_FSMON_ROOT, 'calls')
    const via = tracedInto(log, registryOf(whole))
    t.match(await runCommand(t, 'clp_nfsmon', ['x', '-del'], { ...whole.options, via }), {
      status: 0,
    })
    const moments = momentsOf(log, (line) => line.includes('/run/clp-fsmon'))
    t.ok(moments.length > 5, `${moments.length} calls are made on the registry`)
    const tried = everyNth(moments)
    let longestMs = 0
    await twoAtATime([...tried.entries()], async ([at, moment]) => {
      const place = placeIn(nfs, `at${at}`)
      dead(nfs, place)
      const via = killedAt(moment, registryOf(place))
      await runCommand(t, 'clp_nfsmon', ['x', '-del'], { ...place.options, via })
      const what = `${moment.call} ${moment.nth}`
      longestMs = Math.max(longestMs, await recovers(t, nfs, place, what))
    })
    tell(t, '-del', moments, tried, longestMs)
    t.ok(longestMs < staleMs + patienceMs)
  },
)

t.test('killed before any call on the store, clplcnsc loses no license', { skip }, async (t) => {
  const nfs = await watchedNfs(t)
  const list = async (place: Place): Promise<string[]> =>
    (await runCommand(t, 'clplcnsc', ['-l'], place.options)).out.match(/\bCM\d{6}\b/g) ?? []
  const whole = placeIn(nfs, 'whole')
  const first = await list(whole)
  t.equal(first.length, 1)
  const log = join(nfs.env.CLP_FSMON_ROOT, 'calls')
  const store = { calls: ['%file', '%desc'] }
  const add = ['--community']
  const done = await runCommand(t, 'clplcnsc', add, {
    ...whole.options,
    via: tracedInto(log, store),
  })
  t.match(done, { status: 0 })
  const moments = momentsOf(log, (line) => line.includes('/var/lib/clp-fsmon'))
  t.ok(moments.length > 10, `${moments.length} calls are made on the store`)
  const tried = everyNth(moments)
  let longestMs = 0
  await twoAtATime([...tried.entries()], async ([at, moment]) => {
    const place = placeIn(nfs, `at${at}`)
    const what = `${moment.call} ${moment.nth}`
    await runCommand(t, 'clplcnsc', add, { ...place.options, via: killedAt(moment, {}) })
    const left = await list(place)
    if (!first.every((serial) => left.includes(serial)))
      t.fail(`${what}: a license is lost`, { left })
    const began = performance.now()
    const again = await runCommand(t, 'clplcnsc', add, place.options)
    longestMs = Math.max(longestMs, performance.now() - began)
    if (again.status !== 0) t.fail(`${what}: another license can be registered`, again)
    const text = readFileSync(join(place.root, 'var/lib/clp-fsmon/license.json'), 'utf8')
    if (typeof JSON.parse(text) !== 'object') t.fail(`${what}: the store is whole`)
  })
  tell(t, 'clplcnsc', moments, tried, longestMs)
  t.ok(longestMs < 3000 + patienceMs, 'a lock left behind is in the way for its time only')
})
