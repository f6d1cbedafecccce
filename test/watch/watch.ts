import t from 'tap'
import type { Announcement } from '../../src/alert/announcement.ts'
import type { Status } from '../../src/registry/status.ts'
import type { Haste, Place } from '../../src/watch/gate.ts'
import { mostDiscards, type Ending } from '../../src/watch/state.ts'
import type { Timing } from '../../src/watch/timing.ts'
import { Watch, type WatchParts } from '../../src/watch/watch.ts'
import { FakeClock, settle } from '../helpers/fake-clock.ts'
import { bucketEdgesS, mostRecent } from '../../src/registry/tally.ts'
import { failedWith, noSocket, ok, ScriptedProbe, timedOut } from '../helpers/scripted-probe.ts'

const timing: Timing = { intervalMs: 10_000, retryIntervalMs: 2000, deadlineMs: 1000, retries: 2 }

const fail = () => {
  throw new Error('broken')
}

function begin(script: ScriptedProbe, parts: Partial<WatchParts> = {}) {
  const clock = new FakeClock()
  const said: Announcement[] = []
  const logged: string[] = []
  const saved: Status[] = []
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
    ...parts,
  })
  const seen: { ending?: Ending } = {}
  const start = () => {
    void (async () => {
      seen.ending = await watch.run()
    })()
  }
  const ids = () => said.map(({ id }) => id)
  return { clock, said, ids, logged, saved, watch, seen, start, script }
}

t.test(
  'message 1, a check at once, message 2 after its success, the next an interval later',
  async (t) => {
    const { clock, ids, start, script, watch } = begin(new ScriptedProbe(ok))
    start()
    t.same(ids(), [1])
    t.equal(script.calls, 1)
    await settle()
    t.same(ids(), [1, 2])
    await clock.advance(9999)
    t.equal(script.calls, 1)
    await clock.advance(1)
    t.equal(script.calls, 2)
    t.same(ids(), [1, 2])
    t.equal(watch.snapshot().state, 'watching')
  },
)

t.test('the interval runs from the end of a check, and checks never overlap', async (t) => {
  const server = new EventTarget()
  let calls = 0
  const { clock, start } = begin(new ScriptedProbe(ok), {
    probe: () =>
      new Promise((resolve) => {
        calls += 1
        server.addEventListener('answer', () => {
          resolve(ok)
        })
      }),
  })
  start()
  await clock.advance(900)
  server.dispatchEvent(new Event('answer'))
  await clock.advance(9999)
  t.equal(calls, 1)
  await clock.advance(1)
  t.equal(calls, 2)
})

t.test(
  'a dead server is judged abnormal after 1 + c failures, at the time the formula says',
  async (t) => {
    const { clock, ids, seen, start, script, watch } = begin(new ScriptedProbe(ok, 'hang'))
    start()
    await settle()
    await clock.advance(10_000 + 3 * 1000 + 2 * 2000 - 1)
    t.equal(seen.ending, undefined)
    t.equal(watch.snapshot().worstCaseMs, 17_000)
    await clock.advance(1)
    t.same(seen.ending, { how: 'abnormal', exitStatus: 1 })
    t.same(ids(), [1, 2, 74, 6])
    t.equal(script.calls, 4)
    t.equal(clock.waiting, 0)
  },
)

t.test('failures before the first success are judged the same way', async (t) => {
  const { clock, ids, seen, start } = begin(new ScriptedProbe(failedWith({ id: 72, nn: 111 })))
  start()
  await clock.advance(4000)
  t.same(ids(), [1, 72, 6])
  t.same(seen.ending, { how: 'abnormal', exitStatus: 1 })
})

t.test(
  'a server that is given time to start fails uncounted until its first success',
  async (t) => {
    const given = { ...timing, startWaitMs: 5000 }
    const { clock, ids, logged, start, watch, seen } = begin(new ScriptedProbe(timedOut), {
      timing: given,
    })
    start()
    await clock.advance(4000)
    t.match(watch.snapshot(), { state: 'starting', failures: 0 })
    t.match(logged.join('\n'), 'warn not up yet, which does not count: ')
    await clock.advance(4000)
    t.match(watch.snapshot(), { state: 'failing' })
    await clock.advance(10_000)
    t.match(seen.ending, { how: 'abnormal' })
    t.same(ids(), [1, 74, 6])
  },
)

t.test('the time to start is over with the first success', async (t) => {
  const given = { ...timing, startWaitMs: 60_000 }
  const { clock, start, watch } = begin(new ScriptedProbe(ok, timedOut), { timing: given })
  start()
  await clock.advance(11_000)
  t.match(watch.snapshot(), { state: 'failing', failures: 1 })
})

t.test('the alert names the cause of the last failure, and which attempt it was', async (t) => {
  const { clock, said, start } = begin(
    new ScriptedProbe(failedWith({ id: 72, nn: 111 }), failedWith({ id: 62, nn: 67 }), 'hang'),
  )
  start()
  await clock.advance(5000)
  t.match(said[1], { id: 74, nn: 110, detail: { stage: 'negotiate', attempt: 3, attempts: 3 } })
})

t.test('one success resets the count, for a thousand rounds', async (t) => {
  const { clock, ids, seen, start, logged, script } = begin(new ScriptedProbe(ok))
  const round = [timedOut, timedOut, ok]
  script.script = Array.from({ length: 1000 }, () => round).flat()
  start()
  await clock.advance(1000 * (2 * 2000 + 10_000))
  t.equal(seen.ending, undefined)
  t.same(ids(), [1, 2])
  t.equal(logged.filter((line) => line.startsWith('info answers again')).length, 1000)
})

t.test('what our own side lacks is counted apart and ends with 71, 6 and status 5', async (t) => {
  const { clock, ids, seen, start } = begin(new ScriptedProbe(noSocket))
  start()
  await clock.advance(4000)
  t.same(ids(), [1, 71, 6])
  t.same(seen.ending, { how: 'own-trouble', exitStatus: 5 })
})

t.test('a check that could not judge between two failures changes nothing', async (t) => {
  const { clock, ids, seen, start, watch } = begin(
    new ScriptedProbe(timedOut, noSocket, timedOut, noSocket, timedOut),
  )
  start()
  await clock.advance(7999)
  t.equal(watch.snapshot().failures, 2)
  await clock.advance(1)
  t.same(ids(), [1, 74, 6])
  t.same(seen.ending, { how: 'abnormal', exitStatus: 1 })
})

t.test('a probe that throws is repeated, and ends the watch with 42, 6 and status 5', async (t) => {
  const { clock, said, seen, start, logged } = begin(new ScriptedProbe('throw'))
  start()
  await clock.advance(4000)
  t.match(said.slice(1), [{ id: 42, text: 'check', nn: 0 }, { id: 6 }])
  t.same(seen.ending, { how: 'own-trouble', exitStatus: 5 })
  t.match(logged[0], /could not judge, 1 of 3: Error: a bug\n {4}at /)
})

t.test(
  'a process frozen for longer than the deadline counts no failure and asks again at once',
  async (t) => {
    const { clock, ids, start, script, watch, logged } = begin(new ScriptedProbe(ok, 'hang', ok))
    start()
    await settle()
    await clock.advance(10_100)
    t.equal(script.calls, 2)
    await clock.freeze(5000)
    t.equal(script.calls, 3)
    t.equal(watch.snapshot().failures, 0)
    t.equal(watch.snapshot().state, 'watching')
    t.match(logged, [/stood still for \d+ ms; verdict discarded/])
    t.same(ids(), [1, 2])
  },
)

t.test('a discarded verdict shows as such in the record', async (t) => {
  const { clock, start, saved } = begin(new ScriptedProbe('hang'))
  start()
  await clock.freeze(5000)
  t.equal(saved.at(-1)?.lastCheck?.verdict, 'discarded')
})

t.test('a success stays one, however long we stood still', async (t) => {
  const { clock, ids, start } = begin(new ScriptedProbe(ok), {
    probe: async (signal) => {
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve)
      })
      return ok
    },
  })
  start()
  await clock.freeze(5000)
  t.same(ids(), [1, 2])
})

t.test('a server that dies on a host that always stalls is found all the same', async (t) => {
  const { clock, ids, seen, start, script } = begin(new ScriptedProbe('hang'))
  start()
  for (let turn = 0; turn < 20 && seen.ending === undefined; turn += 1) await clock.freeze(3000)
  t.same(seen.ending, { how: 'abnormal', exitStatus: 1 })
  t.same(ids(), [1, 74, 6])
  t.equal(script.calls, mostDiscards + 3)
})

t.test('a pause ends the check under way, clears the failures, and lasts', async (t) => {
  const { clock, ids, start, script, watch, saved } = begin(new ScriptedProbe(timedOut, 'hang'))
  start()
  await clock.advance(2500)
  t.equal(script.running, 1)
  t.equal(watch.snapshot().failures, 1)
  t.same(await watch.pause(), { ok: true, state: 'paused', text: 'paused' })
  t.equal(script.running, 0)
  t.match(saved.at(-1), { state: 'paused', failures: 0, pausedSince: String })
  await clock.advance(30 * 60 * 1000)
  t.equal(script.calls, 2)
  t.same(ids(), [1, 7])
  t.same(await watch.pause(), { ok: true, state: 'paused', text: 'was paused already' })
  t.same(ids(), [1, 7])
})

t.test('a pause is repeated once an hour as a reminder, until watching goes on', async (t) => {
  const { clock, said, start, script, watch } = begin(new ScriptedProbe(ok))
  start()
  await settle()
  await watch.pause()
  await clock.advance(3 * 3_600_000)
  const reminders = said.filter(({ reminder }) => reminder)
  t.equal(reminders.length, 3)
  t.match(reminders[0], { id: 7, detail: { pausedSince: '2026-01-01T00:00:00.000Z' } })
  const calls = script.calls
  t.match(await watch.continue(), { ok: true, state: 'watching' })
  t.equal(script.calls, calls + 1)
  t.notOk(watch.snapshot().pausedSince)
  await clock.advance(9000)
  await clock.advance(3_600_000)
  t.equal(said.filter(({ reminder }) => reminder).length, 3)
})

t.test(
  'going on checks at once, says 8, and has message 2 follow where it was still due',
  async (t) => {
    const { clock, ids, start, watch } = begin(new ScriptedProbe('hang', ok))
    start()
    await watch.pause()
    t.match(await watch.continue(), { ok: true, state: 'starting' })
    await settle()
    t.same(ids(), [1, 7, 8, 2])
    t.match(await watch.continue(), { ok: true, state: 'watching', text: 'was not paused' })
    await clock.advance(1)
  },
)

t.test('a check after a pause waits for the one before it to be cleared away', async (t) => {
  const { clock, start, script, watch } = begin(new ScriptedProbe('deaf', ok))
  start()
  await clock.advance(10)
  await watch.pause()
  await watch.continue()
  t.equal(script.calls, 1)
  await clock.advance(1000)
  t.equal(script.calls, 2)
})

t.test('pausing again while the check before is being cleared away begins none', async (t) => {
  const { clock, start, script, watch } = begin(new ScriptedProbe('deaf', ok))
  start()
  await clock.advance(10)
  await watch.pause()
  await watch.continue()
  await watch.pause()
  await clock.advance(5000)
  t.equal(script.calls, 1)
  t.equal(watch.snapshot().state, 'paused')
})

t.test('a stop ends the watch from every state with 3 and status 0', async (t) => {
  for (const state of ['starting', 'watching', 'failing', 'paused'] as const) {
    const { clock, ids, seen, start, watch } = begin(
      new ScriptedProbe(...(state === 'starting' ? (['hang'] as const) : [ok, timedOut])),
    )
    start()
    await settle()
    if (state === 'failing') await clock.advance(10_000)
    if (state === 'paused') await watch.pause()
    t.equal(watch.snapshot().state, state)
    t.same(await watch.stop('SIGTERM'), { ok: true, state: 'ending', text: 'stops' })
    await settle()
    t.same(seen.ending, { how: 'stopped', exitStatus: 0 })
    t.equal(ids().at(-1), 3)
    t.equal(clock.waiting, 0)
    t.match(await watch.stop('again'), { ok: true, text: 'is ending already' })
    t.match(await watch.pause(), { ok: false, state: 'ending' })
    t.match(await watch.continue(), { ok: false, state: 'ending' })
  }
})

t.test('a stop does not wait for a probe that does not heed it', async (t) => {
  const { seen, start, watch } = begin(new ScriptedProbe('deaf'))
  start()
  await watch.stop('control')
  await settle()
  t.same(seen.ending, { how: 'stopped', exitStatus: 0 })
})

t.test('a watch that was stopped before it ran ends at once', async (t) => {
  const { ids, seen, start, watch, script } = begin(new ScriptedProbe(ok))
  await watch.stop('SIGINT')
  start()
  await settle()
  t.same(seen.ending, { how: 'stopped', exitStatus: 0 })
  t.equal(script.calls, 0)
  t.same(ids(), [3])
})

t.test('a pause that comes before the watch runs stays one', async (t) => {
  const { clock, ids, start, watch, script } = begin(new ScriptedProbe(ok))
  await watch.pause()
  start()
  await clock.advance(60_000)
  t.equal(watch.snapshot().state, 'paused')
  t.equal(script.calls, 0)
  t.same(ids(), [7, 1])
  await watch.continue()
  await settle()
  t.equal(script.calls, 1)
  t.equal(script.mostAtOnce, 1)
})

t.test('neither records nor alerts nor logs that fail or hang end a watch', async (t) => {
  for (const saveRecord of [fail, () => new Promise<void>(() => undefined)]) {
    const { clock, seen, start, watch } = begin(new ScriptedProbe(ok, 'hang'), {
      announce: fail,
      log: fail,
      saveRecord,
    })
    start()
    await clock.advance(1000)
    t.equal(watch.snapshot().state, 'watching')
    const answer = watch.pause()
    await clock.advance(1000)
    t.match(await answer, { ok: true, state: 'paused' })
    void watch.continue()
    await clock.advance(30_000)
    t.same(seen.ending, { how: 'abnormal', exitStatus: 1 })
  }
})

t.test(
  'a bug that nobody caught ends the check under way; so many in a row end the watch',
  async (t) => {
    const { clock, ids, seen, start, script, watch, logged } = begin(new ScriptedProbe('deaf'))
    start()
    await clock.advance(10)
    watch.reportBug(new Error('out of a socket'))
    t.match(logged[0], /could not judge, 1 of 3: Error: out of a socket\n/)
    await clock.advance(3000)
    t.equal(script.calls, 2)
    watch.reportBug(new Error('again'))
    await clock.advance(3000)
    watch.reportBug('and again')
    await settle()
    t.same(seen.ending, { how: 'own-trouble', exitStatus: 5 })
    t.same(ids(), [1, 42, 6])
  },
)

t.test('bugs between checks are logged and end nothing', async (t) => {
  const { clock, seen, start, script, watch, logged } = begin(new ScriptedProbe(ok))
  watch.reportBug(new Error('before the start'))
  t.equal(script.calls, 0)
  start()
  await settle()
  for (let turn = 0; turn < 100; turn += 1) watch.reportBug(new Error('of a sink'))
  t.equal(logged.filter((line) => line.startsWith('error bug between checks')).length, 101)
  await clock.advance(10_000)
  t.equal(script.calls, 2)
  await watch.pause()
  watch.reportBug(new Error('in a pause'))
  t.equal(watch.snapshot().state, 'paused')
  await watch.stop('control')
  watch.reportBug(new Error('at the end'))
  t.same(seen.ending, { how: 'stopped', exitStatus: 0 })
})

t.test('a watch that a bug brought to rest watches on', async (t) => {
  const clock = new FakeClock()
  let broken = true
  const { start, script, watch } = begin(new ScriptedProbe(ok), {
    clock: {
      now: clock.now,
      uptime: clock.uptime,
      date: clock.date,
      setTimer: (ms, callback) => {
        if (ms === timing.intervalMs && broken) throw new Error('no timers')
        return clock.setTimer(ms, callback)
      },
    },
  })
  const caught = new Promise<unknown>((resolve) => process.once('unhandledRejection', resolve))
  start()
  watch.reportBug(await caught)
  broken = false
  await clock.advance(2000)
  t.equal(script.calls, 2)
  t.equal(watch.snapshot().state, 'watching')
})

t.test('the record tells the last check, the next one, and the counts', async (t) => {
  const { clock, start, saved } = begin(new ScriptedProbe(timedOut))
  start()
  await settle()
  t.match(saved.at(-1), {
    state: 'failing',
    since: '2026-01-01T00:00:00.000Z',
    failures: 1,
    retries: 2,
    lastCheck: { verdict: 'failed', reason: 'no answer to NEGOTIATE', ms: 0 },
    nextCheck: '2026-01-01T00:00:02.000Z',
    worstCaseMs: 17_000,
    uptimeMs: clock.uptime(),
    succeeded: false,
  })
  await clock.advance(4000)
  t.match(saved.at(-1), { state: 'ending', failures: 3 })
  t.notOk(saved.at(-1)?.nextCheck)
})

t.test('setting the time of day by a day changes nothing', async (t) => {
  for (const day of [-86_400_000, 86_400_000]) {
    const { clock, start, script, watch } = begin(new ScriptedProbe(ok))
    start()
    await settle()
    clock.setDate(clock.date().getTime() + day)
    await clock.advance(10_000)
    t.equal(script.calls, 2)
    t.equal(watch.snapshot().failures, 0)
  }
})

t.test('two watches in one process know nothing of each other', async (t) => {
  const one = begin(new ScriptedProbe(ok))
  const other = begin(new ScriptedProbe('hang'))
  one.start()
  other.start()
  await one.clock.advance(50_000)
  await other.clock.advance(50_000)
  t.equal(one.seen.ending, undefined)
  t.same(other.seen.ending, { how: 'abnormal', exitStatus: 1 })
})

function places() {
  const asked: { haste: Haste; open: () => void }[] = []
  let left = 0
  const enter = (haste: Haste): Place => {
    let open: () => void = () => undefined
    const ready = new Promise<void>((resolve) => {
      open = resolve
    })
    asked.push({ haste, open })
    return {
      ready,
      leave: () => {
        left += 1
      },
    }
  }
  return { enter, asked, left: () => left }
}

t.test('waiting for a place is not held against the server, but told', async (t) => {
  const { enter, asked, left } = places()
  const { clock, start, script, watch } = begin(new ScriptedProbe(ok, timedOut), { enter })
  start()
  await clock.advance(5000)
  t.equal(script.calls, 0)
  t.match(watch.snapshot(), { state: 'starting', failures: 0 })
  asked[0]?.open()
  await settle()
  t.match(watch.snapshot(), { state: 'watching', lastCheck: { lateMs: 5000, ms: 0 } })
  t.equal(left(), 1)
  await clock.advance(10_000)
  asked[1]?.open()
  await settle()
  t.match(watch.snapshot(), { state: 'failing', lastCheck: { lateMs: 0 } })
  await clock.advance(2000)
  t.same(
    asked.map(({ haste }) => haste),
    ['first', 'planned', 'retry'],
  )
})

t.test('a watch that is paused or stopped while it waits for a place gives it up', async (t) => {
  const { enter, asked, left } = places()
  const { clock, start, script, watch, seen } = begin(new ScriptedProbe(ok), { enter })
  start()
  await settle()
  await watch.pause()
  t.equal(left(), 1)
  asked[0]?.open()
  await clock.advance(60_000)
  t.equal(script.calls, 0)
  await watch.continue()
  t.equal(asked.length, 2)
  watch.reportBug(new Error('elsewhere'))
  asked[1]?.open()
  await settle()
  t.match(watch.snapshot(), { state: 'watching', lastCheck: { verdict: 'ok', lateMs: 0 } })
  await clock.advance(10_000)
  await watch.stop('test')
  t.equal(left(), 3)
  t.same(seen.ending, { how: 'stopped', exitStatus: 0 })
})

t.test('the first interval may be shorter than the others, never longer', async (t) => {
  const { clock, start, script } = begin(new ScriptedProbe(ok), { firstIntervalMs: 3000 })
  start()
  await clock.advance(2999)
  t.equal(script.calls, 1)
  await clock.advance(1)
  t.equal(script.calls, 2)
  await clock.advance(9999)
  t.equal(script.calls, 2)
  await clock.advance(1)
  t.equal(script.calls, 3)
  const late = begin(new ScriptedProbe(ok), { firstIntervalMs: 90_000 })
  late.start()
  await late.clock.advance(10_000)
  t.equal(late.script.calls, 2)
})

t.test('after a pause the checks of many are spread once more', async (t) => {
  const { clock, start, script, watch } = begin(new ScriptedProbe(ok), { firstIntervalMs: 3000 })
  start()
  await clock.advance(3000)
  t.equal(script.calls, 2)
  await watch.pause()
  await watch.continue()
  t.equal(script.calls, 3)
  await clock.advance(3000)
  t.equal(script.calls, 4)
  await clock.advance(9999)
  t.equal(script.calls, 4)
  await clock.advance(1)
  t.equal(script.calls, 5)
})

t.test(
  'a watch counts its checks, their verdicts and stages, and the time it was paused',
  async (t) => {
    const script = new ScriptedProbe(timedOut, ok, noSocket)
    const { clock, start, watch, saved } = begin(script)
    start()
    await clock.advance(12_000)
    t.match(watch.snapshot().tally, {
      checks: { ok: 1, failed: 1, cannotJudge: 1, discarded: 0 },
      recent: [
        [Number, 0, 1],
        [Number, 0, 0],
        [Number, 0, 2],
      ],
      stages: [{ name: 'connect', sumMs: 2, count: 2 }],
      lastSuccessAt: '2026-01-01T00:00:02.000Z',
      pausedMs: 0,
    })
    t.same(saved.at(-1)?.tally, watch.snapshot().tally)
    await watch.pause()
    await clock.advance(60_000)
    clock.suspend(30_000)
    clock.setDate(0)
    t.equal(watch.snapshot().tally?.pausedMs, 0)
    await watch.continue()
    t.equal(watch.snapshot().tally?.pausedMs, 90_000)
  },
)

t.test('a verdict that was thrown away is counted as such', async (t) => {
  const { clock, start, watch } = begin(new ScriptedProbe('hang', ok))
  start()
  await clock.freeze(3000)
  t.match(watch.snapshot().tally, {
    checks: { failed: 0, discarded: 1 },
    recent: [[Number, Number, 3]],
  })
})

t.test('a pause with an end goes on watching by itself, with a check at once', async (t) => {
  const { clock, ids, logged, saved, script, start, watch } = begin(new ScriptedProbe(ok))
  start()
  await settle()
  const answer = await watch.pause(120_000)
  t.match(answer, { ok: true, state: 'paused', pauseEnd: { extensionsLeft: 3 } })
  t.match(saved.at(-1), {
    state: 'paused',
    pauseEnd: { until: '2026-01-01T00:02:00.000Z', extensionsLeft: 3 },
    pausedUptimeMs: 5000,
  })
  await clock.advance(119_999)
  t.equal(script.calls, 1)
  t.strictSame(ids(), [1, 2, 7, 107])
  await clock.advance(1)
  t.equal(script.calls, 2)
  t.strictSame(ids(), [1, 2, 7, 107, 8])
  t.equal(watch.snapshot().state, 'watching')
  t.notOk('pauseEnd' in watch.snapshot())
  t.match(logged.join('\n'), 'info the pause has reached its end')
})

t.test('a pause is put off so often, and refused with 108 beyond that', async (t) => {
  const { clock, said, start, watch } = begin(new ScriptedProbe(ok), {
    pauseLimits: { extensions: 1, longestMs: 100_000 },
  })
  start()
  await settle()
  t.match(await watch.pause(100_001), {
    ok: false,
    text: 'at most 100 s',
    refusals: [{ why: 'pause-too-long', values: { seconds: 100 } }],
  })
  t.equal(watch.snapshot().state, 'watching', 'a pause that is refused changes nothing')
  t.match(await watch.pause(), { ok: true, pauseEnd: { extensionsLeft: 1 } })
  await clock.advance(90_000)
  t.match(await watch.pause(50_000), { ok: true, pauseEnd: { extensionsLeft: 0 } })
  await clock.advance(40_000)
  t.match(await watch.pause(), { ok: false, state: 'paused' })
  t.match(said.at(-1), { id: 108, text: 'put off as often as allowed: 1' })
  await clock.advance(10_000)
  t.equal(watch.snapshot().state, 'watching', 'the pause that there was ends when it was going to')
})

t.test('the longest time until detection goes by where the server is', async (t) => {
  let repairMsNow = 0
  const { start, watch, said } = begin(new ScriptedProbe(ok), { repairMsNow: () => repairMsNow })
  start()
  await settle()
  const { worstCaseMs } = watch.snapshot()
  t.match(said[0], { id: 1, detail: { worstCaseMs } })
  repairMsNow = 90_000
  t.equal(watch.snapshot().worstCaseMs, worstCaseMs + 90_000)
})

t.test('-continue and -stop leave nothing of a pause behind', async (t) => {
  const { clock, ids, start, watch } = begin(new ScriptedProbe(ok))
  start()
  await settle()
  await watch.pause(60_000)
  await watch.continue()
  await clock.advance(70_000)
  t.strictSame(ids(), [1, 2, 7, 8])
  await watch.pause(60_000)
  await watch.stop('test')
  t.equal(clock.waiting, 0)
})

t.test('a bare pause takes the end away, however often it has been put off', async (t) => {
  const { clock, start, watch } = begin(new ScriptedProbe(ok), { pauseLimits: { extensions: 0 } })
  start()
  await settle()
  await watch.pause(60_000)
  t.match(await watch.pause(90_000), { ok: false, refusals: [{ why: 'pause-put-off' }] })
  t.match(await watch.pause(), { ok: true, state: 'paused' })
  await clock.advance(30 * 24 * 3_600_000)
  t.equal(watch.snapshot().state, 'paused')
})

t.test('a bare pause has no end where the configuration sets none', async (t) => {
  const { clock, start, watch } = begin(new ScriptedProbe(ok))
  start()
  await settle()
  t.notOk('pauseEnd' in (await watch.pause()))
  await clock.advance(30 * 24 * 3_600_000)
  t.equal(watch.snapshot().state, 'paused')
  t.match(await watch.pause(), { ok: true, text: 'was paused already' })
  t.match(await watch.pause(1000), { ok: true, pauseEnd: {} }, 'it may be given one')
  await clock.advance(1000)
  t.equal(watch.snapshot().state, 'watching')
})
