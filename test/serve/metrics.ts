import { spawnSync } from 'node:child_process'
import t from 'tap'
import { expose } from '../../src/serve/exposition.ts'
import { metricFamilies } from '../../src/serve/metrics.ts'
import type { Watch } from '../../src/serve/source.ts'
import { statesByGravity } from '../../src/view/watches.ts'
import { fakeWatch } from '../helpers/serve/fake-source.ts'

const stage = {
  name: 'connect',
  counts: [1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2],
  sumMs: 7.5,
  count: 3,
}
const tally = {
  checks: { ok: 5, failed: 1, cannotJudge: 2, discarded: 3 },
  recent: [],
  stages: [stage],
  lastSuccessAt: '1970-01-01T00:01:00.500Z',
  pausedMs: 0,
}

const known = new WeakMap()

function text(...watches: Watch[]): string {
  return expose(
    metricFamilies({ watches, version: '1.2.3', nodeVersion: 'v20', known }),
    'prometheus',
  ).toString()
}

t.test('how long a pause still lasts is told where it has an end', async (t) => {
  const pauseEnd = { until: 'x', leftMs: 1500, extensionsLeft: 1 }
  const paused = text(fakeWatch('w1', { state: 'paused', pauseEnd }))
  t.match(paused, /^clp_fsmon_pause_left_seconds\{.*\} 1\.5$/m)
  t.notMatch(text(fakeWatch('w1', { state: 'paused' })), 'clp_fsmon_pause_left_seconds{')
})

t.test('an alert that warns is 1 until it is over, and each once', async (t) => {
  const warning = { id: 103, since: '2026-01-01T00:00:00.000Z', text: 'x' }
  const told = text(fakeWatch('w1', { warnings: [warning, warning, { ...warning, id: 101 }] }))
  const lines = told.split('\n').filter((line) => line.startsWith('clp_fsmon_warning{'))
  t.equal(lines.length, 2)
  t.match(lines[0], /,alert="103"\} 1$/)
  t.match(lines[1], /,alert="101"\} 1$/)
  t.notMatch(text(fakeWatch('w1')), 'clp_fsmon_warning{')
})

t.test('a drill is told, and that a watch has ended in one', async (t) => {
  const drill = { kind: 'slow', since: 'x', until: 'y' } as const
  t.match(text(fakeWatch('w1', { drill })), /^clp_fsmon_drill\{.*,kind="slow"\} 1$/m)
  const ended = { at: 'x', how: 'abnormal', exitStatus: 1, drill: 'fault' } as const
  t.match(
    text(fakeWatch('w1', { state: 'ended', ended })),
    /^clp_fsmon_drill\{.*,kind="fault"\} 1$/m,
  )
  t.notMatch(text(fakeWatch('w1')), 'clp_fsmon_drill{')
})

t.test('what a watch has counted is told in seconds', async (t) => {
  const told = text(fakeWatch('w1', { tally, target: 'a"b', failures: 2 }))
  const labels = 'id="w1",command="clp_sambamon",server="10.0.0.1",target="a\\"b"'
  for (const line of [
    `clp_fsmon_up{${labels}} 1`,
    `clp_fsmon_state{${labels},state="watching"} 1`,
    `clp_fsmon_state{${labels},state="failing"} 0`,
    `clp_fsmon_checks_total{${labels},result="ok"} 5`,
    `clp_fsmon_checks_total{${labels},result="cannot_judge"} 2`,
    `clp_fsmon_failures{${labels}} 2`,
    `clp_fsmon_failures_limit{${labels}} 6`,
    `clp_fsmon_paused_seconds{${labels}} 0`,
    `clp_fsmon_last_success_timestamp_seconds{${labels}} 60.5`,
    'clp_fsmon_check_duration_seconds_bucket{id="w1",command="clp_sambamon",stage="connect",le="0.005"} 1',
    'clp_fsmon_check_duration_seconds_bucket{id="w1",command="clp_sambamon",stage="connect",le="1.0"} 2',
    'clp_fsmon_check_duration_seconds_bucket{id="w1",command="clp_sambamon",stage="connect",le="+Inf"} 3',
    'clp_fsmon_check_duration_seconds_sum{id="w1",command="clp_sambamon",stage="connect"} 0.0075',
    'clp_fsmon_check_duration_seconds_count{id="w1",command="clp_sambamon",stage="connect"} 3',
    'clp_fsmon_build_info{version="1.2.3",node="v20"} 1',
  ]) {
    t.ok(told.split('\n').includes(line), line)
  }
})

t.test('nobody is told to be up of whom it is not known', async (t) => {
  const check = fakeWatch('w').lastCheck
  const ended = (exitStatus: number) => ({ at: 'x', how: 'x', exitStatus })
  const failed = check && { ...check, verdict: 'failed' as const }
  const blind = check && { ...check, verdict: 'cannot-judge' as const }
  const cases: [Partial<Watch>, string | undefined][] = [
    [{}, '1'],
    [{ state: 'failing' }, '0'],
    [{ state: 'repairing' }, '0'],
    [{ state: 'abnormal' }, '0'],
    [failed ? { lastCheck: failed } : {}, '0'],
    [blind ? { lastCheck: blind } : {}, undefined],
    [{ state: 'paused', pausedForMs: 90_000 }, undefined],
    [{ state: 'vanished' }, undefined],
    [{ state: 'hangs' }, undefined],
    [{ state: 'starting' }, undefined],
    [{ state: 'unreadable' }, undefined],
    [{ state: 'ended', ended: ended(0) }, undefined],
    [{ state: 'ended', ended: ended(1) }, '0'],
  ]
  for (const [change, up] of cases) {
    const told = text(fakeWatch('w1', change))
    t.equal(/^clp_fsmon_up\{.*\} (.*)$/m.exec(told)?.[1], up, JSON.stringify(change))
  }
  const paused = text(fakeWatch('w1', { state: 'paused', pausedForMs: 90_000 }))
  t.match(paused, /^clp_fsmon_paused_seconds\{.*\} 90$/m)
  const { lastCheck, ...unchecked } = fakeWatch('w1')
  t.ok(lastCheck)
  t.notMatch(text(unchecked), /^clp_fsmon_up\{/m)
  const unreadable = text(fakeWatch('w1', { state: 'unreadable' }))
  t.notMatch(unreadable, /^clp_fsmon_(failures|paused_seconds)/m)
})

t.test('repairs are counted by what they came to, where there may be any', async (t) => {
  const told = text(fakeWatch('w1', { repair: { mended: 2, notMended: 1 } }))
  t.match(told, /^clp_fsmon_repairs_total\{.*,result="mended"\} 2$/m)
  t.match(told, /^clp_fsmon_repairs_total\{.*,result="not_mended"\} 1$/m)
  t.notMatch(text(fakeWatch('w1')), /^clp_fsmon_repairs_total\{/m)
})

t.test('whatever state a watch is in, it is told in exactly one', async (t) => {
  for (const state of statesByGravity) {
    const told = text(fakeWatch('w1', { state })).match(/^clp_fsmon_state\{.*\} 1$/gm)
    t.match(told, { length: 1, 0: `state="${state}"` })
  }
})

t.test('what has not changed is told again as it was', async (t) => {
  const watch = fakeWatch('w1', { tally })
  t.equal(text(watch), text({ ...watch }))
  const more = { ...tally, stages: [{ ...stage, count: 4 }] }
  t.match(text({ ...watch, tally: more }), /_count\{.*stage="connect"\} 4\n/)
})

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined

t.test('promtool finds nothing wrong', { skip: !hasPromtool && 'no promtool' }, async (t) => {
  const target = 'a"b\\c\nd é\u0007'
  const input = text(fakeWatch('w1', { tally, target }), fakeWatch('w2', { state: 'paused' }))
  const { status, stderr, stdout } = spawnSync('promtool', ['check', 'metrics'], {
    input,
    encoding: 'utf8',
  })
  t.equal(status, 0, `${stdout}${stderr}`)
  t.equal(stderr, '')
})
