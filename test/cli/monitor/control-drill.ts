import t from 'tap'
import { controlDrill, isDrillAction } from '../../../src/cli/monitor/control-drill.ts'
import { settle } from '../../helpers/fake-clock.ts'
import { drilledWatch } from '../../helpers/drilled-watch.ts'
import { failedWith, noSocket, ok, ScriptedProbe, timedOut } from '../../helpers/scripted-probe.ts'

t.test(
  'a refused server is judged abnormal in its time, and everything of it is marked',
  async (t) => {
    const { drilled, clock, said, logged, seat, ending, watch } = await drilledWatch(
      new ScriptedProbe(ok),
    )
    const begun = await controlDrill('drill-fault', undefined, drilled)
    t.match(begun, { ok: true, state: 'watching' })
    t.equal(Date.parse(begun.text) - clock.date().getTime(), watch.snapshot().worstCaseMs + 60_000)
    t.match(watch.snapshot().drill, { kind: 'fault', until: begun.text })
    await clock.advance(10_000)
    t.match(watch.snapshot(), { state: 'failing', failures: 1 })
    await clock.advance(4000)
    t.same(await ending, { how: 'abnormal', exitStatus: 1 })
    t.same(
      said.map(({ id, nn, detail }) => [id, nn, detail?.['drill']]),
      [
        [1, undefined, undefined],
        [2, undefined, undefined],
        [72, 111, 'fault'],
        [6, undefined, 'fault'],
      ],
    )
    t.match(said.at(-1)?.detail?.['reason'], /DRILL: the server answered in/)
    t.ok(logged.length >= 3)
    for (const { text, drill } of logged) t.equal(drill, 'fault', text)
    t.equal(seat.close(), 'fault', 'its end says in which drill it came')
    t.equal(clock.waiting, 0, 'nothing is left of it')
    t.equal(seat.close(), undefined)
  },
)

t.test('a silent server takes the whole wait of every check', async (t) => {
  const { drilled, clock, said, ending } = await drilledWatch(new ScriptedProbe(ok))
  await controlDrill('drill-timeout', undefined, drilled)
  await clock.advance(10_999)
  t.equal(drilled.watch.snapshot().failures, 0)
  await clock.advance(1)
  t.equal(drilled.watch.snapshot().failures, 1)
  await clock.advance(6000)
  t.same(await ending, { how: 'abnormal', exitStatus: 1 })
  t.match(said.at(-2), { id: 74, nn: 110, detail: { drill: 'timeout', attempt: 3 } })
})

t.test('a late server answers in time, and is not judged abnormal', async (t) => {
  const { drilled, clock, watch } = await drilledWatch(new ScriptedProbe(ok))
  await controlDrill('drill-slow', 40, drilled)
  await clock.advance(10_900)
  t.match(watch.snapshot(), { state: 'watching', lastCheck: { verdict: 'ok', ms: 900 } })
  await clock.advance(29_100)
  t.equal(watch.snapshot().drill, undefined)
  await clock.advance(10_000)
  t.match(watch.snapshot(), { state: 'watching', lastCheck: { verdict: 'ok', ms: 0 } })
})

t.test('a late answer is later than a delay that is warned of late', async (t) => {
  const { drilled, clock, watch } = await drilledWatch(new ScriptedProbe(ok))
  await controlDrill('drill-slow', 40, { ...drilled, warnAtPercent: 95 })
  await clock.advance(10_980)
  t.match(watch.snapshot(), { state: 'watching', lastCheck: { verdict: 'ok', ms: 975 } })
})

t.test('when its time is up, what was pretended is forgotten', async (t) => {
  const { drilled, clock, watch, logged, seat } = await drilledWatch(new ScriptedProbe(ok))
  await controlDrill('drill-fault', 13, drilled)
  await clock.advance(12_500)
  t.match(watch.snapshot(), { state: 'failing', failures: 2 })
  await clock.advance(500)
  t.match(watch.snapshot(), { state: 'watching', failures: 0 })
  t.equal(seat.kind, undefined)
  t.match(logged.at(-1), { text: /the drill is over: its time is up/, drill: 'fault' })
  await clock.advance(60_000)
  t.match(watch.snapshot(), { state: 'watching', failures: 0, lastCheck: { verdict: 'ok' } })
  t.notOk(watch.snapshot().lastCheck?.reason)
})

for (const kind of ['drill-fault', 'drill-timeout', 'drill-slow'] as const) {
  t.test(
    `${kind}: a server that really fails has all its retries, and nothing is marked`,
    async (t) => {
      const script = new ScriptedProbe(ok)
      const { drilled, clock, watch, said, logged, seat, ending } = await drilledWatch(script)
      await controlDrill(kind, 10_000, drilled)
      await clock.advance(11_500)
      const real = failedWith({ id: 62, nn: 67 })
      script.script = [real]
      await clock.advance(10_500)
      t.equal(seat.kind, undefined, 'the drill is over')
      t.match(
        logged.find(({ text }) => text.startsWith('the drill is over')),
        {
          text: /the server itself fails/,
        },
      )
      const { failures } = watch.snapshot()
      await clock.advance(20_000)
      t.same(await ending, { how: 'abnormal', exitStatus: 1 })
      t.ok(failures <= 6)
      const failed = logged.filter(({ text, drill }) => /check failed/.test(text) && !drill)
      t.equal(failed.length, 2, 'the first failure and one retry are told, the last one is the end')
      t.match(said.at(-2), { id: 62, nn: 67, detail: { attempt: 3, drill: undefined } })
      t.notOk(said.at(-1)?.detail?.['drill'])
      t.equal(seat.close(), undefined)
    },
  )
}

t.test('that the server cannot be asked ends it as well', async (t) => {
  const script = new ScriptedProbe(ok)
  const { drilled, clock, seat, logged } = await drilledWatch(script)
  await controlDrill('drill-slow', undefined, drilled)
  script.script = [noSocket, ok]
  await clock.advance(10_000)
  t.equal(seat.kind, undefined)
  t.match(
    logged.map(({ text }) => text).join('\n'),
    /the drill is over: the server cannot be asked/,
  )
})

t.test(
  'it is refused while paused, while one is under way, and unless the server is well',
  async (t) => {
    const paused = await drilledWatch(new ScriptedProbe(ok))
    await paused.watch.pause()
    t.match(await controlDrill('drill-fault', 5, paused.drilled), { ok: false, text: 'paused' })

    const twice = await drilledWatch(new ScriptedProbe(ok))
    await controlDrill('drill-slow', 5, twice.drilled)
    t.match(await controlDrill('drill-fault', 5, twice.drilled), { ok: false, text: 'under-way' })
    t.equal(twice.seat.kind, 'slow')

    for (const script of [new ScriptedProbe('hang'), new ScriptedProbe(ok, timedOut)]) {
      const ill = await drilledWatch(script)
      if (script.script[0] !== 'hang') await ill.clock.advance(10_000)
      t.match(await controlDrill('drill-fault', 5, ill.drilled), { ok: false, text: 'not-well' })
      t.equal(ill.seat.kind, undefined)
      await ill.watch.stop('the test is over')
      t.equal(ill.clock.waiting, 0, 'a refused one leaves no timer')
    }
  },
)

t.test('it can be ended before its time, and only while there is one', async (t) => {
  const { drilled, clock, watch, seat } = await drilledWatch(new ScriptedProbe(ok))
  t.match(await controlDrill('drill-end', undefined, drilled), { ok: false, text: 'none' })
  await controlDrill('drill-timeout', undefined, drilled)
  await clock.advance(10_500)
  t.match(await controlDrill('drill-end', undefined, drilled), { ok: true })
  t.equal(seat.kind, undefined)
  await settle()
  t.match(
    watch.snapshot(),
    { failures: 0, lastCheck: { verdict: 'ok', ms: 500 } },
    'the check under way ends as it really is',
  )
})

for (const kind of ['drill-fault', 'drill-timeout', 'drill-slow'] as const) {
  t.test(`${kind}: a pause and a stop end it, and leave nothing`, async (t) => {
    for (const end of ['pause', 'stop'] as const) {
      const { drilled, clock, watch, seat, saved, ending } = await drilledWatch(
        new ScriptedProbe(ok),
      )
      await controlDrill(kind, undefined, drilled)
      await clock.advance(10_300)
      if (end === 'pause') await watch.pause()
      else {
        seat.end('the monitor stops')
        await watch.stop('-stop')
        t.same(await ending, { how: 'stopped', exitStatus: 0 })
      }
      t.equal(seat.kind, undefined)
      t.equal(watch.snapshot().drill, undefined)
      await settle()
      t.equal(saved.at(-1)?.drill, undefined)
      if (end === 'stop') t.equal(clock.waiting, 0)
      else {
        await watch.continue()
        await settle()
        t.match(watch.snapshot(), { state: 'watching', failures: 0, lastCheck: { verdict: 'ok' } })
      }
    }
  })
}

t.test('the actions of drills are told from others', async (t) => {
  t.ok(isDrillAction('drill-end'))
  t.notOk(isDrillAction('stop'))
})
