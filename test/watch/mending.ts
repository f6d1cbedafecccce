import t from 'tap'
import type { Announcement } from '../../src/alert/announcement.ts'
import { bucketEdgesS, mostRecent } from '../../src/registry/tally.ts'
import type { Status } from '../../src/registry/status.ts'
import type { Mending } from '../../src/watch/mending.ts'
import type { Ending } from '../../src/watch/state.ts'
import { Watch, type WatchParts } from '../../src/watch/watch.ts'
import { FakeClock, settle } from '../helpers/fake-clock.ts'
import { failedWith, noSocket, ok, ScriptedProbe, timedOut } from '../helpers/scripted-probe.ts'

const timing = {
  intervalMs: 10_000,
  retryIntervalMs: 2000,
  deadlineMs: 1000,
  retries: 1,
  repairMs: 60_000,
}

type Next = Awaited<ReturnType<Mending['goOn']>>

/** A repair whose steps end when a test says so. */
class FakeMending implements Mending {
  steps = 0
  abandoned = 0
  concluded: string[] = []
  isThrowing = false
  #resolve: (next: Next) => void = () => undefined
  #leave: () => void = () => undefined

  goOn = async (): Promise<Next> => {
    if (this.isThrowing) throw new Error('a bug')
    this.steps += 1
    return new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  abandon = async (): Promise<void> => {
    this.abandoned += 1
    await new Promise<void>((resolve) => {
      this.#leave = resolve
    })
  }

  conclude = (how: string) => {
    this.concluded.push(how)
    return { text: `restart: ${how}`, detail: { repair: how } }
  }

  async end(next: Next): Promise<void> {
    this.#resolve(next)
    await settle()
  }

  async left(): Promise<void> {
    this.#leave()
    await settle()
  }
}

async function underRepair(script: ScriptedProbe, parts: Partial<WatchParts> = {}) {
  const clock = new FakeClock()
  const mending = new FakeMending()
  const said: Announcement[] = []
  const logged: string[] = []
  const saved: Status[] = []
  let repairs = 0
  const watch = new Watch({
    timing,
    probe: script.probe,
    clock,
    announce: (announcement) => said.push(announcement),
    log: (level, text) => logged.push(`${level} ${text}`),
    saveRecord: async (status) => {
      saved.push(status)
    },
    tallySize: { edgesS: bucketEdgesS, mostRecent },
    mend: () => {
      repairs += 1
      return mending
    },
    ...parts,
  })
  const seen: { ending?: Ending } = {}
  void (async () => {
    seen.ending = await watch.run()
  })()
  await clock.advance(10_000 + 2000)
  const ids = () => said.map(({ id }) => id)
  return { clock, watch, said, ids, logged, saved, mending, seen, script, count: () => repairs }
}

t.test(
  'a step is done when the retries are used up, and a success returns to watching',
  async (t) => {
    const { clock, watch, ids, said, mending, script, count, saved } = await underRepair(
      new ScriptedProbe(ok, timedOut, timedOut, timedOut, ok),
    )
    t.equal(watch.snapshot().state, 'repairing')
    t.equal(saved.at(-1)?.state, 'repairing', 'its record says so')
    t.equal(mending.steps, 1)
    t.equal(script.calls, 3, 'nothing is asked while a step is done')
    await mending.end('check')
    t.equal(script.calls, 4, 'a full check at once')
    t.equal(mending.steps, 2, 'it failed, so the next step')
    await mending.end('check')
    t.equal(watch.snapshot().state, 'watching')
    t.equal(watch.snapshot().failures, 0)
    t.same(ids(), [1, 2, 106])
    t.match(said.at(-1), { id: 106, text: 'restart: mended', detail: { repair: 'mended' } })
    t.equal(count(), 1)
    t.equal(mending.abandoned, 0)
    script.script = [timedOut]
    await clock.advance(10_000 + 2000)
    t.equal(count(), 2, 'a later fault is a repair of its own')
  },
)

t.test('at the end of the ladder: 106, the cause of the last failure, 6, exit 1', async (t) => {
  const { ids, mending, seen } = await underRepair(
    new ScriptedProbe(ok, timedOut, timedOut, failedWith({ id: 72, nn: 111 })),
  )
  await mending.end('check')
  await mending.end('give-up')
  t.same(ids(), [1, 2, 106, 72, 6])
  t.same(seen.ending, { how: 'abnormal', exitStatus: 1 })
  t.same(mending.concluded, ['not-mended'])
})

t.test('a check that could not judge begins no step, and is repeated', async (t) => {
  const { clock, mending, script, ids, seen } = await underRepair(
    new ScriptedProbe(ok, timedOut, timedOut, noSocket, ok),
  )
  await mending.end('check')
  t.equal(mending.steps, 1)
  await clock.advance(2000)
  t.equal(script.calls, 5)
  t.same(ids(), [1, 2, 106])
  t.equal(seen.ending, undefined)
})

t.test('trouble of our own that does not end ends a repair as it ends a watch', async (t) => {
  const { clock, mending, ids, seen } = await underRepair(
    new ScriptedProbe(ok, timedOut, timedOut, noSocket),
  )
  await mending.end('check')
  await clock.advance(2000)
  t.same(ids(), [1, 2, 106, 71, 6])
  t.same(seen.ending, { how: 'own-trouble', exitStatus: 5 })
})

for (const [what, control, after] of [
  ['a pause', 'pause', [1, 2, 106, 7]],
  ['a stop', 'stop', [1, 2, 106, 3]],
] as const) {
  t.test(`${what} breaks a step off, and is done when nothing of it is left`, async (t) => {
    const { watch, mending, ids, seen, logged } = await underRepair(
      new ScriptedProbe(ok, timedOut, timedOut, ok),
    )
    let answered = false
    const asked = control === 'pause' ? watch.pause() : watch.stop('as asked')
    const answer = asked.then(() => {
      answered = true
    })
    await settle()
    t.equal(mending.abandoned, 1)
    t.same(mending.concluded, ['broken-off'])
    t.same(ids(), after)
    if (control === 'pause') t.equal(answered, false)
    t.equal(seen.ending, undefined, 'it does not end before')
    await mending.end('check')
    await mending.left()
    await answer
    t.equal(mending.steps, 1, 'what it comes to matters to nobody')
    t.strictSame(seen.ending, control === 'stop' ? { how: 'stopped', exitStatus: 0 } : undefined)
    t.notMatch(logged.join('\n'), /bug/)
  })
}

t.test('after a pause the server is checked anew', async (t) => {
  const { watch, mending, script, ids } = await underRepair(
    new ScriptedProbe(ok, timedOut, timedOut, ok),
  )
  const paused = watch.pause()
  await settle()
  await mending.left()
  await paused
  await watch.continue()
  await settle()
  t.equal(script.calls, 4)
  t.equal(watch.snapshot().state, 'watching')
  t.same(ids(), [1, 2, 106, 7, 8])
})

t.test('a repair that does not come back does not hide a dead server', async (t) => {
  const { clock, mending, ids, seen, logged } = await underRepair(
    new ScriptedProbe(ok, timedOut, timedOut),
  )
  await clock.advance(60_000 + 9999)
  t.equal(seen.ending, undefined)
  await clock.advance(1)
  t.match(logged.join('\n'), /did not come back in its time/)
  t.equal(mending.abandoned, 1)
  await mending.left()
  t.same(seen.ending, { how: 'abnormal', exitStatus: 1 })
  t.same(ids(), [1, 2, 106, 74, 6])
})

for (const [what, mend] of [
  ['cannot be begun', () => undefined],
  [
    'throws',
    () => {
      throw new Error('a bug')
    },
  ],
] as const) {
  t.test(`a repair that ${what} leads to the end as without it`, async (t) => {
    const { ids, seen } = await underRepair(new ScriptedProbe(ok, timedOut), { mend })
    t.same(ids(), [1, 2, 74, 6])
    t.same(seen.ending, { how: 'abnormal', exitStatus: 1 })
  })
}

t.test('bugs of a repair end it, and are told', async (t) => {
  const mending = new FakeMending()
  mending.isThrowing = true
  mending.conclude = () => {
    throw new Error('another bug')
  }
  const { ids, logged, seen } = await underRepair(new ScriptedProbe(ok, timedOut), {
    mend: () => mending,
  })
  t.same(ids(), [1, 2, 74, 6])
  t.match(logged.join('\n'), /bug in a repair, which ends: Error: a bug/)
  t.match(logged.join('\n'), /bug in a repair, which is over: Error: another bug/)
  t.same(seen.ending, { how: 'abnormal', exitStatus: 1 })
})

t.test('a bug while a repair that was broken off leaves is told, too', async (t) => {
  const mending = new FakeMending()
  mending.abandon = async () => {
    throw new Error('no way out')
  }
  const { watch, logged, seen } = await underRepair(new ScriptedProbe(ok, timedOut), {
    mend: () => mending,
  })
  await watch.stop('as asked')
  await settle()
  t.match(logged.join('\n'), /broken off: Error: no way out/)
  t.same(seen.ending, { how: 'stopped', exitStatus: 0 })
})

t.test('an error that nobody caught while a step is done ends nothing', async (t) => {
  const { watch, mending, logged } = await underRepair(
    new ScriptedProbe(ok, timedOut, timedOut, ok),
  )
  t.equal(watch.isExposed, false)
  watch.reportBug(new Error('of somebody else'))
  t.match(logged.join('\n'), /bug between checks/)
  t.equal(mending.abandoned, 0)
  await mending.end('check')
  t.equal(watch.snapshot().state, 'watching')
})
