import t from 'tap'
import { controlMonitor, type ControlJob } from '../../../src/cli/monitor/control-monitor.ts'
import type { Control } from '../../../src/cli/monitor/option-table.ts'
import { loadTexts } from '../../../src/cli/texts.ts'
import type { ControlReply } from '../../../src/registry/control-client.ts'
import { identityOf } from '../../../src/registry/process-identity.ts'
import type { Refusal } from '../../../src/registry/refusal.ts'
import type { Entry, Removed } from '../../../src/registry/registry.ts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fakeIo } from '../../helpers/fake-io.ts'
import { membersOf } from '../../../src/repair/session.ts'
import { noteUnderWay } from '../../../src/repair/under-way.ts'
import { sampleRecord } from '../../helpers/record.ts'

const texts = await loadTexts('en')
const record = sampleRecord()
const live: Entry = { kind: 'live', record }
const dead: Entry = { kind: 'dead', record }
const ended: Entry = {
  kind: 'ended',
  record: { ...record, ended: { at: '2026-11-21T00:00:00.000Z', how: 'abnormal', exitStatus: 1 } },
}
const unreadable: Entry = { kind: 'unreadable', reason: 'it is empty', isLive: false }
const answered: ControlReply = { kind: 'answer', answer: { ok: true, state: 'paused', text: '' } }

type Scene = {
  control: Control
  entry: Entry
  reply?: ControlReply
  /** what each waiting for the end comes to, in order */
  ends?: boolean[]
  removed?: Removed
  more?: Partial<ControlJob>
}

async function act({
  control,
  entry,
  reply = answered,
  ends = [true],
  removed = 'removed',
  more,
}: Scene) {
  const io = fakeIo()
  const did: string[] = []
  const registry: ControlJob['registry'] = {
    read: async () => entry,
    ask: async (_id, { action, seconds }) => {
      did.push(`ask ${action}${seconds === undefined ? '' : ` ${seconds}`}`)
      return reply
    },
    waitForEnd: async () => ends.shift() ?? false,
    remove: async () => {
      did.push('remove')
      return removed
    },
  }
  const status = await controlMonitor({
    command: 'clp_sambamon',
    id: 'sambawatch',
    control,
    stopSeconds: 1,
    force: false,
    json: false,
    registry,
    run: '/no/such/directory',
    texts,
    io,
    announceNotEnded: async () => {
      did.push('alert 15')
    },
    ...more,
  })
  return { status, out: io.printed(), err: io.complained(), did }
}

t.test('pause and continue are asked of the monitor and reported', async (t) => {
  t.match(await act({ control: 'pause', entry: live }), {
    status: 0,
    did: ['ask pause'],
    out: /paused/,
  })
  t.match(await act({ control: 'continue', entry: live }), { status: 0, out: /watches again/ })
})

t.test('what the monitor refuses, or does not answer, is a failure', async (t) => {
  const refused: ControlReply = {
    kind: 'answer',
    answer: { ok: false, state: 'ending', text: 'is ending' },
  }
  t.match(await act({ control: 'pause', entry: live, reply: refused }), {
    status: 3,
    err: /is ending/,
  })
  for (const kind of ['nobody', 'no-answer'] as const) {
    const result = await act({ control: 'continue', entry: live, reply: { kind } })
    t.match(result, { status: 3, err: /did not answer/ })
  }
})

t.test(
  'why a monitor refuses is told in the language of who asks, as far as it is known',
  async (t) => {
    const japanese = { texts: await loadTexts('ja') }
    const reply = (text: string, refusals?: readonly Refusal[]): ControlReply => ({
      kind: 'answer',
      answer: { ok: false, state: 'paused', text, ...(refusals && { refusals }) },
    })
    const asked = async (answer: ControlReply, more: Partial<ControlJob> = japanese) =>
      (await act({ control: 'pause', entry: live, reply: answer, more })).err
    const late = { why: 'pause-put-off', values: { times: 1 } }
    const long = { why: 'pause-too-long', values: { seconds: 9 }, id: 'w2' }
    t.match(await asked(reply('put off', [late])), /延長できる回数 \(1 回\)/)
    t.match(await asked(reply('put off', [late]), {}), /refused: its end has been put off .*: 1\./)
    const both = await asked(reply('w1: put off; w2: at most 9 s', [{ ...late, id: 'w1' }, long]))
    t.match(both, /w1: 延長.*; w2: 中断は最長 9 秒です/)
    t.notMatch(both, /put off|at most/)
    t.match(await asked(reply('is ending', [{ why: 'ending', values: {} }])), /終了処理中/)
    t.match(await asked(reply('in its own words')), /in its own words/)
    t.match(await asked(reply('of a later version', [{ why: 'news', values: {} }])), /of a later/)
  },
)

t.test('there is nothing to pause where no monitor runs', async (t) => {
  t.match(await act({ control: 'pause', entry: { kind: 'none' } }), {
    status: 3,
    err: /No monitor with the ID/,
  })
  t.match(await act({ control: 'pause', entry: ended }), {
    status: 3,
    err: /not running .*abnormal/,
  })
  t.match(await act({ control: 'pause', entry: dead }), { status: 3, err: /not running .*dead/ })
  t.match(await act({ control: 'pause', entry: unreadable }), { status: 3, err: /it is empty/ })
})

t.test('disp prints the pid of whoever has the record, running or not', async (t) => {
  for (const entry of [live, dead, ended]) {
    t.match(await act({ control: 'disp', entry }), {
      status: 0,
      out: new RegExp(`^${process.pid}\n`),
    })
  }
  t.match(await act({ control: 'disp', entry: { kind: 'none' } }), { status: 3, out: '' })
  const json = await act({ control: 'disp', entry: live, more: { json: true } })
  t.match(JSON.parse(json.out), { id: 'sambawatch' })
})

t.test('del removes a dead record and keeps a live one', async (t) => {
  t.match(await act({ control: 'del', entry: dead }), { status: 0, out: /was deleted/ })
  t.match(await act({ control: 'del', entry: live, removed: 'live' }), {
    status: 3,
    err: /is running \(pid \d+\)/,
  })
  t.match(await act({ control: 'del', entry: { kind: 'none' }, removed: 'unknown' }), { status: 3 })
  t.match(await act({ control: 'del', entry: dead, removed: 'other-command' }), { status: 3 })
})

t.test('an ID of the other command is left alone, whatever is asked', async (t) => {
  const entry: Entry = { kind: 'live', record: { ...record, command: 'clp_nfsmon' } }
  for (const control of ['stop', 'pause', 'continue', 'disp', 'del'] as const) {
    const result = await act({ control, entry })
    t.match(result, { status: 3, did: [], err: new RegExp(`clp_nfsmon sambawatch -${control}`) })
    t.equal(result.did.length, 0)
  }
})

t.test('stop waits for the end', async (t) => {
  t.match(await act({ control: 'stop', entry: live }), {
    status: 0,
    did: ['ask stop'],
    out: /has stopped/,
  })
})

t.test('stop of what has ended already succeeds, of what was never there does not', async (t) => {
  t.match(await act({ control: 'stop', entry: ended }), {
    status: 0,
    out: /already ended \(abnormal\)/,
  })
  t.match(await act({ control: 'stop', entry: dead }), { status: 0, out: /already ended \(dead\)/ })
  t.match(await act({ control: 'stop', entry: unreadable }), { status: 0 })
  t.match(await act({ control: 'stop', entry: { kind: 'none' } }), { status: 3, did: ['alert 15'] })
})

t.test('a monitor that does not end in time is a 15', async (t) => {
  const result = await act({ control: 'stop', entry: live, ends: [false] })
  t.match(result, { status: 3, did: ['ask stop', 'alert 15'], err: /--force/ })
  const unknown: Entry = { kind: 'unreadable', reason: 'its version is 2', isLive: true }
  t.match(await act({ control: 'stop', entry: unknown, ends: [false] }), { status: 3 })
  t.match(await act({ control: 'stop', entry: unknown, ends: [true] }), { status: 0 })
})

async function sleeper(t: { teardown: (done: () => void) => void }, ignoresTerm: boolean) {
  const script = ignoresTerm
    ? "trap '' TERM; echo on; while :; do sleep 1; done"
    : 'echo on; sleep 60'
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'], detached: true })
  t.teardown(() => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL')
    } catch {
      // It has ended, as it should.
    }
  })
  await once(child.stdout, 'data')
  const identity = identityOf(child.pid ?? 0)
  if (identity === undefined) throw new Error('the sleeper is gone')
  const entry: Entry = { kind: 'live', record: { ...record, process: identity } }
  return { entry, gone: once(child, 'exit') }
}

t.test('a monitor without its socket is ended by the signal that means the same', async (t) => {
  const { entry, gone } = await sleeper(t, false)
  const result = await act({ control: 'stop', entry, reply: { kind: 'nobody' }, ends: [true] })
  t.match(result, { status: 0 })
  t.strictSame(await gone, [null, 'SIGTERM'])
})

t.test('force ends what does not end, and clears its record', async (t) => {
  const { entry, gone } = await sleeper(t, true)
  const more = { force: true }
  const result = await act({ control: 'stop', entry, ends: [false, false, true], more })
  t.match(result, { status: 0, did: ['ask stop', 'remove'], out: /was terminated \(pid \d+\)/ })
  t.strictSame(await gone, [null, 'SIGKILL'])
})

t.test('what even force cannot end is a 15, and its record stays', async (t) => {
  const { entry, gone } = await sleeper(t, false)
  const more = { force: true }
  const result = await act({ control: 'stop', entry, ends: [false, false, false], more })
  t.match(result, { status: 3, did: ['ask stop', 'alert 15'] })
  await gone
})

t.test('a process that other monitors share is never ended for one of them', async (t) => {
  const child = spawn('sleep', ['60'])
  t.teardown(() => child.kill('SIGKILL'))
  const process = identityOf(child.pid ?? 0)
  if (process === undefined) throw new Error('no process')
  const shared: Entry = { kind: 'live', record: { ...record, process, sharesProcess: true } }
  const scene: Scene = { control: 'stop', entry: shared, reply: { kind: 'nobody' }, ends: [false] }
  t.match(await act(scene), {
    status: 3,
    did: ['ask stop', 'alert 15'],
    err: /that of other monitors too/,
  })
  const forced = await act({ ...scene, ends: [false], more: { force: true } })
  t.match(forced, {
    status: 3,
    did: ['ask stop', 'alert 15'],
    err: /that of other monitors too/,
  })
  t.ok(identityOf(child.pid ?? 0))
  t.equal(child.exitCode, null)
  t.equal(child.signalCode, null)
})

t.test('a pause that has an end says when, and how often it may be put off', async (t) => {
  const pauseEnd = { until: '2026-01-01T00:10:00.000Z', untilUptimeMs: 1, extensionsLeft: 2 }
  const reply: ControlReply = {
    kind: 'answer',
    answer: { ok: true, state: 'paused', text: '', pauseEnd },
  }
  const more = { pauseSeconds: 600 }
  t.match(await act({ control: 'pause', entry: live, reply, more }), {
    status: 0,
    did: ['ask pause 600'],
    out: /is paused until 202\d\/.*, or -continue; extensions left: 2\./,
  })
  t.match(
    await act({ control: 'pause', entry: live, more }),
    { status: 3, err: /is of a version whose pauses have no end/ },
    'a monitor of an older version pauses without an end, which is said',
  )
  t.match(await act({ control: 'continue', entry: live, more }), { did: ['ask continue'] })
})

t.test('a drill is asked of the monitor, and its answer told in words', async (t) => {
  const until = '2026-01-01T00:00:00.000Z'
  const answer = (ok: boolean, text: string): ControlReply => {
    return { kind: 'answer', answer: { ok, state: 'watching', text } }
  }
  const scene = (reply: ControlReply, more: Partial<ControlJob>): Scene => {
    return { control: 'drill', entry: live, reply, more }
  }
  const fault = { drill: { what: 'fault', seconds: 5 } } as const
  t.match(await act(scene(answer(true, until), fault)), {
    status: 0,
    did: ['ask drill-fault'],
    out: /drill 'fault' until 202[56]\//,
  })
  const end = { drill: { what: 'end' } } as const
  t.match(await act(scene(answer(true, ''), end)), { status: 0, did: ['ask drill-end'] })
  for (const [text, told] of [
    ['paused', /it is paused\. .*-continue/],
    ['under-way', /a drill is under way/],
    ['not-well', /not been seen to be well/],
    ['none', /no drill is under way/],
    ['something else', /something else/],
  ] as const) {
    t.match(await act(scene(answer(false, text), fault)), { status: 3, err: told })
  }
  t.match(await act(scene({ kind: 'no-answer' }, fault)), { status: 3, err: /did not answer/ })
  t.match(await act({ ...scene(answer(true, ''), fault), entry: ended }), { status: 3 })
  const other = await act(scene(answer(true, ''), { ...fault, command: 'clp_nfsmon' }))
  t.match(other, { status: 3, did: [], err: /--drill fault/ })
})

t.test(
  'a step that its monitor has left running is ended by -stop, and named by others',
  async (t) => {
    const run = t.testdir()
    const child = spawn('/bin/sleep', ['600'], { detached: true, stdio: 'ignore' })
    t.teardown(() => child.kill('SIGKILL'))
    const leader = identityOf(child.pid ?? 0)
    if (leader === undefined) throw new Error('no identity')
    const monitor = { ...record.process, startTicks: '1' }
    const under = { step: 'mend', watch: 'sambawatch', leader, monitor, untilUptimeMs: 1e12 }
    noteUnderWay(run, { ...under, watch: 'another' })
    t.match(await act({ control: 'stop', entry: dead, more: { run } }), { status: 0, err: '' })
    t.equal(membersOf(leader).length, 1, 'which is another one’s')
    noteUnderWay(run, under)
    t.match(await act({ control: 'continue', entry: dead, more: { run } }), {
      status: 3,
      err: /mend \(pid \d+\).* runs on\. clp_sambamon sambawatch -stop ends it/,
    })
    t.match(await act({ control: 'stop', entry: dead, more: { run } }), {
      status: 0,
      out: /already ended[^]*mend, which its monitor had left running, has been ended/,
      did: [],
    })
    t.same(membersOf(leader), [])
  },
)
