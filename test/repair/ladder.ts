import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { identityOf } from '../../src/registry/process-identity.ts'
import { Journal } from '../../src/repair/journal.ts'
import { Ladder, type LadderParts } from '../../src/repair/ladder.ts'
import type { RepairStep } from '../../src/repair/plan.ts'
import type { StepEnd, StepRun } from '../../src/repair/run-step.ts'
import { noteUnderWay, readUnderWay } from '../../src/repair/under-way.ts'
import { eventually } from '../helpers/eventually.ts'
import { FakeClock } from '../helpers/fake-clock.ts'

const step = (name: string, ...causes: string[]): RepairStep => ({
  name,
  causes,
  command: ['/bin/true', name],
  limitMs: 10_000,
  remote: false,
})

const done: Omit<StepEnd, 'ms'> = { how: 'done', why: 'exit 0', output: [], isStuck: false }

/** A ladder on a host of its own, whose steps end as they are told to. */
function host(t: Test, steps: RepairStep[], more: Partial<LadderParts> = {}) {
  // Not the test's own directory: what a ladder notes at its end, nobody waits for.
  const directory = mkdtempSync(join(tmpdir(), 'clp-fsmon-ladder-'))
  t.teardown(() => {
    rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  })
  const run = join(directory, 'run')
  mkdirSync(run)
  const clock = new FakeClock()
  const journal = new Journal(join(directory, 'repair'), clock)
  const runs: StepRun[] = []
  const log: string[] = []
  const onStep: string[] = []
  const ends: Partial<StepEnd>[] = []
  const seat = { isTaken: false, given: 0 }
  const outstanding = new Set<Promise<unknown>>()
  const leader = identityOf(process.pid)
  const ladder = (again: Partial<LadderParts> = {}) =>
    new Ladder({
      plan: { steps, perHour: 5, perDay: 10, totalMs: 200_000, settleMs: 0, waitMs: 5000 },
      watch: 'w1',
      kind: 'samba',
      target: 'pub',
      deadlineMs: 1000,
      run,
      journal,
      clock,
      probableCauses: () => ['process-stopped'],
      isHere: () => true,
      takeSeat: async () => {
        if (seat.isTaken) return undefined
        seat.isTaken = true
        seat.given += 1
        return async () => {
          seat.isTaken = false
        }
      },
      runner: async (its) => {
        runs.push(its)
        if (leader !== undefined) its.onStart(leader)
        return { ...done, ms: 7, ...ends.shift() }
      },
      outstanding,
      log: (level, text) => log.push(`${level} ${text}`),
      onStep: (chosen) => onStep.push(chosen?.step.name ?? 'over'),
      ...more,
      ...again,
    })
  const names = () => runs.map(({ command }) => command[1])
  return {
    outstanding,
    ladder,
    clock,
    journal,
    runs,
    names,
    log,
    onStep,
    ends,
    seat,
    run,
    directory,
  }
}

/** What comes next, where something may have to be waited for. */
async function next(ladder: Ladder, clock: FakeClock, ms = 1000) {
  let found: string | undefined
  void ladder.goOn().then((what) => {
    found = what
  })
  await eventually('it knows what comes next', async () => {
    await clock.advance(found === undefined ? ms : 0)
    return found !== undefined
  })
  return found
}

t.test('a step at a time, with a check after each, until the server is mended', async (t) => {
  const its = host(t, [
    step('last', 'any'),
    step('first', 'process-stopped'),
    step('not', 'disk-full'),
  ])
  const ladder = its.ladder()
  t.equal(await ladder.goOn(), 'check')
  t.same(its.names(), ['first'])
  t.match(its.runs[0], {
    limitMs: 10_000,
    env: {
      CLP_FSMON_ID: 'w1',
      CLP_FSMON_KIND: 'samba',
      CLP_FSMON_TARGET: 'pub',
      CLP_FSMON_CAUSE: 'process-stopped',
    },
  })
  t.equal(its.seat.isTaken, true, 'nobody else repairs meanwhile')
  t.equal(await ladder.goOn(), 'check')
  t.same(its.names(), ['first', 'last'])
  t.same(its.onStep, ['first', 'over', 'last', 'over'])
  t.equal(readUnderWay(its.run), undefined)
  const { text, detail } = ladder.conclude('mended')
  t.equal(text, 'first for process-stopped: no help; last for any: mended')
  t.match(detail, { repair: 'mended', steps: 2, step: 'last', cause: 'any' })
  await eventually('the seat is free', () => !its.seat.isTaken)
  const [one, two] = await its.journal.read()
  t.match(one, { step: 'first', end: { how: 'done' } })
  t.not(one?.mended, true)
  t.match(two, { step: 'last', mended: true })
})

t.test('at the end of the ladder it says what was tried, and frees the seat', async (t) => {
  const its = host(t, [step('first', 'any'), step('second', 'any')])
  its.ends.push(
    { how: 'failed', why: 'exit 3', output: ['a line'] },
    { how: 'too-long', why: 'late' },
  )
  const ladder = its.ladder()
  t.equal(await ladder.goOn(), 'check')
  t.equal(await ladder.goOn(), 'check')
  t.equal(await ladder.goOn(), 'give-up')
  t.equal(
    ladder.conclude('not-mended').text,
    'first for any: no help, exit 3; second for any: no help, late',
  )
  t.match(its.log.join('\n'), /warn repair: first says: a line/)
  await eventually('the seat is free', () => !its.seat.isTaken)
  t.match(await its.journal.read(), [{ end: { how: 'failed' } }, { mended: false }])
})

t.test('after a step, checks that fail are repeated for a while', async (t) => {
  const its = host(t, [step('first', 'any')], {})
  const plan = {
    steps: [step('first', 'any')],
    perHour: 5,
    perDay: 10,
    totalMs: 200_000,
    settleMs: 2500,
    waitMs: 0,
  }
  const ladder = its.ladder({ plan })
  t.equal(await ladder.goOn(), 'check')
  const at = its.clock.now()
  t.equal(await next(ladder, its.clock, 100), 'check')
  t.ok(its.clock.now() - at >= 1000)
  t.equal(await next(ladder, its.clock, 100), 'check')
  t.equal(await next(ladder, its.clock, 100), 'check')
  t.ok(its.clock.now() - at >= 2500)
  t.equal(await next(ladder, its.clock, 100), 'give-up')
  t.same(its.names(), ['first'])
})

for (const [what, more, text] of [
  ['no step helps', { probableCauses: () => ['disk-full'] }, 'nothing: no step for disk-full'],
  ['nothing is known', { probableCauses: () => [] }, 'nothing: no step for an unknown cause'],
  ['the server is elsewhere', { isHere: () => false }, 'nothing: the server is not on this host'],
] as const) {
  t.test(`where ${what}, nothing is tried`, async (t) => {
    const its = host(t, [step('first', 'process-stopped')], more)
    const ladder = its.ladder()
    t.equal(await ladder.goOn(), 'give-up')
    t.equal(ladder.conclude('not-mended').text, text)
    t.same(its.runs, [])
    await eventually('the seat is free', () => !its.seat.isTaken)
  })
}

t.test('a step that is meant for it is done for a server elsewhere', async (t) => {
  const its = host(t, [{ ...step('first', 'any'), remote: true }], { isHere: () => false })
  t.equal(await its.ladder().goOn(), 'check')
  t.same(its.names(), ['first'])
})

t.test('limits of the host forbid a step, which is said', async (t) => {
  const its = host(t, [step('first', 'any')])
  const plan = {
    steps: [step('first', 'any')],
    perHour: 2,
    perDay: 10,
    totalMs: 200_000,
    settleMs: 0,
    waitMs: 0,
  }
  for (let index = 0; index < 2; index += 1) {
    const ladder = its.ladder({ plan })
    t.equal(await ladder.goOn(), 'check')
    ladder.conclude('mended')
    await eventually('the seat is free', () => !its.seat.isTaken)
    await its.clock.advance(60_000)
  }
  const ladder = its.ladder({ plan })
  t.equal(await ladder.goOn(), 'give-up')
  t.equal(
    ladder.conclude('not-mended').text,
    'nothing: first: forbidden, 2 steps an hour are the most',
  )
  const daily = its.ladder({ plan: { ...plan, perHour: 10, perDay: 2 } })
  await eventually('the seat is free', () => !its.seat.isTaken)
  t.equal(await daily.goOn(), 'give-up')
  t.match(daily.conclude('not-mended').text, /2 steps a day are the most/)
})

t.test(
  'a step whose monitor was killed while it ran is left out, the next one is not',
  async (t) => {
    const its = host(t, [step('first', 'any'), step('second', 'any')])
    await its.journal.begin({ step: 'first', cause: 'any', watch: 'killed' })
    await its.clock.advance(60_000)
    const ladder = its.ladder()
    t.equal(await ladder.goOn(), 'check')
    t.same(its.names(), ['second'])
    t.equal(await ladder.goOn(), 'give-up')
    t.match(
      ladder.conclude('not-mended').text,
      /^second for any: no help; first: not again, its monitor was killed while it ran at /,
    )
  },
)

t.test(
  'while another repair is under way it waits, then checks before anything else',
  async (t) => {
    const its = host(t, [step('first', 'any')])
    its.seat.isTaken = true
    const ladder = its.ladder()
    const waiting = ladder.goOn()
    await its.clock.advance(1000)
    its.seat.isTaken = false
    await its.clock.advance(1000)
    t.equal(await waiting, 'check')
    t.same(its.runs, [], 'it may be mended by now')
    const again = ladder.goOn()
    t.equal(await again, 'check')
    t.same(its.names(), ['first'])
  },
)

t.test('it does not wait for longer than it may', async (t) => {
  const its = host(t, [step('first', 'any')])
  its.seat.isTaken = true
  const ladder = its.ladder()
  const at = its.clock.now()
  t.equal(await next(ladder, its.clock, 250), 'give-up')
  t.ok(its.clock.now() - at >= 5000)
  t.ok(its.clock.now() - at < 7000)
  t.equal(ladder.conclude('not-mended').text, 'nothing: another repair is under way on this host')
  t.equal(its.seat.isTaken, true, 'which keeps its seat')
})

t.test('a server that is mended by another repair is told so', async (t) => {
  const its = host(t, [step('first', 'any')])
  const other = await its.journal.begin({ step: 'other', cause: 'any', watch: 'w2' })
  await its.journal.amend({ ...other, end: { how: 'done', why: 'exit 0', ms: 0 } })
  const ladder = its.ladder()
  t.equal(await ladder.goOn(), 'check', 'our last check may have begun before it')
  t.same(its.runs, [])
  t.match(ladder.conclude('mended'), {
    text: 'nothing: the server answers again',
    detail: { steps: 0 },
  })
})

t.test('a step that is left behind is seen to first', async (t) => {
  const its = host(t, [step('first', 'any')])
  const me = identityOf(process.pid)
  const child = spawn('/bin/sleep', ['600'], { detached: true, stdio: 'ignore' })
  t.teardown(() => child.kill('SIGKILL'))
  const leader = identityOf(child.pid ?? 0)
  if (me === undefined || leader === undefined) throw new Error('no identity')
  const monitor = { ...me, startTicks: '1' }
  noteUnderWay(its.run, { step: 'x', watch: 'w', leader, monitor, untilUptimeMs: 1e12 })
  const ladder = its.ladder()
  t.equal(await next(ladder, its.clock, 250), 'give-up', 'it is waited for, not run beside')
  t.same(its.runs, [])
  t.equal(its.seat.isTaken, false)
})

t.test('a step for which no time is left does not begin', async (t) => {
  const long = { ...step('long', 'any'), limitMs: 190_000 }
  const its = host(t, [long, step('short', 'any'), { ...step('none', 'any'), command: 'not here' }])
  const ladder = its.ladder()
  t.equal(await ladder.goOn(), 'check')
  t.same(its.names(), ['short'])
  t.equal(await ladder.goOn(), 'give-up')
  t.equal(
    ladder.conclude('not-mended').text,
    'short for any: no help; long: no time left for it; none: not here',
  )
})

t.test('a step that cannot be ended is the last one, and stays written down', async (t) => {
  const its = host(t, [step('first', 'any'), step('second', 'any')])
  its.ends.push({ how: 'too-long', why: 'late', isStuck: true })
  const ladder = its.ladder()
  t.equal(await ladder.goOn(), 'check')
  t.equal(await ladder.goOn(), 'give-up')
  t.same(its.names(), ['first'])
  t.match(readUnderWay(its.run), { step: 'first' })
  t.equal(
    ladder.conclude('not-mended').text,
    'first for any: no help, late; the last step can be neither begun nor ended',
  )
})

t.test('what cannot be written down is not done', async (t) => {
  const its = host(t, [step('first', 'any')])
  mkdirSync(join(its.directory, 'repair'))
  writeFileSync(join(its.directory, 'repair/journal.json'), 'damaged')
  const ladder = its.ladder()
  t.equal(await ladder.goOn(), 'give-up')
  t.match(ladder.conclude('not-mended').text, /^nothing: it cannot be written down: .*damaged/)
  t.same(its.runs, [])
})

t.test('a disk that hangs keeps nobody from giving the server up', async (t) => {
  const its = host(t, [step('first', 'any')])
  its.journal.read = async () => new Promise(() => undefined)
  const ladder = its.ladder()
  t.equal(await next(ladder, its.clock), 'give-up')
  t.match(ladder.conclude('not-mended').text, /took longer than 2000 ms/)
  t.same(its.runs, [])
  t.equal(its.outstanding.size, 1, 'and who ends the process knows of it')
})

t.test('while one repair waits for a disk that hangs, no other one begins to', async (t) => {
  const its = host(t, [step('first', 'any')])
  let reads = 0
  its.journal.read = async () => {
    reads += 1
    return new Promise(() => undefined)
  }
  for (const _ of [1, 2, 3]) {
    const ladder = its.ladder()
    t.equal(await next(ladder, its.clock), 'give-up')
    t.match(ladder.conclude('not-mended').text, /took longer than 2000 ms/)
    await eventually('the seat is free', () => !its.seat.isTaken)
  }
  t.equal(reads, 1)
  t.same(its.runs, [])
})

t.test('a disk that comes back in time is waited for', async (t) => {
  const its = host(t, [step('first', 'any')])
  let comeBack = (): void => undefined
  const disk = new Promise<void>((resolve) => {
    comeBack = resolve
  })
  its.outstanding.add(disk)
  const under = its.ladder().goOn()
  await its.clock.advance(1000)
  comeBack()
  t.equal(await under, 'check')
  t.same(its.names(), ['first'])
})

t.test('what stands still of a service is ended before a step, where that is needed', async (t) => {
  const its = host(t, [{ ...step('first', 'any'), endsStopped: ['smbd'] }, step('second', 'any')])
  const ladder = its.ladder()
  t.equal(await ladder.goOn(), 'check')
  t.equal(await ladder.goOn(), 'check')
  t.same(
    its.runs.map(({ endsStopped }) => endsStopped),
    [['smbd'], undefined],
  )
})

t.test('an end that cannot be written down hinders nothing', async (t) => {
  const its = host(t, [step('first', 'any')])
  its.journal.amend = async () => {
    throw new Error('full')
  }
  t.equal(await its.ladder().goOn(), 'check')
  t.match(its.log.join('\n'), /cannot be written down: Error: full/)
})

t.test('a repair that is broken off ends its step, and says so', async (t) => {
  const its = host(t, [step('first', 'any')], {
    runner: async ({ signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          resolve({ ...done, how: 'interrupted', why: 'it was broken off', ms: 5 })
        })
      }),
  })
  const ladder = its.ladder()
  const under = ladder.goOn()
  await eventually('it runs', () => its.onStep.length === 1)
  const left = ladder.abandon()
  t.match(ladder.conclude('broken-off'), {
    text: 'first for any: broken off',
    detail: { repair: 'broken-off' },
  })
  await left
  await under
  t.equal(its.seat.isTaken, false)
  t.match(await its.journal.read(), [{ end: { how: 'interrupted' } }], 'it may be done again')
})

t.test('a repair that is broken off while it waits goes at once', async (t) => {
  const its = host(t, [step('first', 'any')])
  its.seat.isTaken = true
  const ladder = its.ladder()
  const waiting = ladder.goOn()
  await its.clock.advance(500)
  await ladder.abandon()
  await waiting
  t.same(its.runs, [])
  t.equal(its.seat.given, 0)
})

t.test('what it came to is told wherever it was broken off', async (t) => {
  const its = host(t, [step('first', 'any')])
  t.equal(its.ladder().conclude('broken-off').text, 'nothing: broken off')
  t.equal(its.ladder().conclude('not-mended').text, 'nothing: no verdict was to be had')
  const ladder = its.ladder()
  t.equal(await ladder.goOn(), 'check')
  t.equal(ladder.conclude('broken-off').text, 'first for any: broken off')
})
