import { writeFileSync } from 'node:fs'
import t from 'tap'
import type { FleetSummary } from '../../../src/cli/fleet/fleet-health.ts'
import { FleetRecord } from '../../../src/cli/fleet/fleet-record.ts'
import type { FleetList } from '../../../src/cli/fleet/fleet-list.ts'
import { monitorRequest } from '../../../src/cli/monitor/monitor-request.ts'
import { Registry } from '../../../src/registry/registry.ts'
import { recordPath } from '../../../src/registry/record-file.ts'
import { encodeRecord } from '../../../src/registry/record.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'
import { sampleRecord } from '../../helpers/sample-record.ts'

const limits = { inAll: 64, perAddress: 8 }
const list: FleetList = { file: '/etc/x.toml', exitOn: 'any', limits, watches: [] }

t.test(
  'before anything is told, it counts for as long as its slowest watch may take',
  async (t) => {
    const watches = ['10', '20'].map((interval) => {
      const request = monitorRequest('clp_nfsmon', [
        'a',
        '-d',
        '/',
        '-i',
        interval,
        '-c',
        '1',
        '-r',
        '5',
      ])
      if (request.want !== 'watch') throw new Error('not a watch')
      return { id: `a${interval}`, group: '', settings: request.settings }
    })
    const registry = new Registry(t.testdir())
    const all = { ...list, watches }
    await FleetRecord.open('all', all, registry, new FakeClock(), () => undefined)
    t.match(await registry.read('all'), { record: { worstCaseMs: 20_000 + 2 * 5000 + 20_000 } })
  },
)
const summary: FleetSummary = {
  state: 'watching',
  failures: 0,
  succeeded: true,
  worstCaseMs: 5000,
  text: '1 of 1 well',
}

t.test('the record of a process tells what its watches come to, and how it ended', async (t) => {
  const registry = new Registry(t.testdir())
  const clock = new FakeClock()
  const opened = await FleetRecord.open('all', list, registry, clock, () => undefined)
  if (!('record' in opened)) throw new Error('in use')
  const { record } = opened
  const seen = async () => registry.read('all')
  t.match(await seen(), { kind: 'live', record: { command: 'clp_fsmon', state: 'starting' } })
  t.match(await FleetRecord.open('all', list, registry, clock, () => undefined), {
    heldBy: { entry: { kind: 'live' } },
  })
  await clock.advance(1000)
  await record.update(summary)
  const since = '2026-01-01T00:00:01.000Z'
  t.match(await seen(), { record: { state: 'watching', since, succeeded: true, uptimeMs: 6000 } })
  await clock.advance(1000)
  const lateness = { checks: 9, p50Ms: 0, p99Ms: 2, mostMs: 7 }
  await record.update({ ...summary, lateness })
  t.match(await seen(), { record: { since, uptimeMs: 7000, lateness } })
  await record.update({ ...summary, state: 'paused' })
  t.match(await seen(), { record: { state: 'paused', pausedSince: '2026-01-01T00:00:02.000Z' } })
  const at = '2026-01-01T00:00:02.000Z'
  await record.end(1, { at, verdict: 'failed', stages: [], ms: 3, reason: 'a: no answer' })
  t.match(await seen(), {
    kind: 'ended',
    record: { ended: { how: 'abnormal', exitStatus: 1 }, lastCheck: { reason: 'a: no answer' } },
  })
})

t.test('a stop and a trouble of our own are told from an abnormal server', async (t) => {
  const registry = new Registry(t.testdir())
  for (const [status, how] of [
    [0, 'stopped'],
    [5, 'own-trouble'],
  ] as const) {
    const opened = await FleetRecord.open('a', list, registry, new FakeClock(), () => undefined)
    if (!('record' in opened)) throw new Error('in use')
    await opened.record.end(status)
    t.match(await registry.read('a'), { record: { ended: { how, exitStatus: status } } })
  }
})

t.test('that a process before it is gone without a word is told', async (t) => {
  const directory = t.testdir()
  const gone = { pid: 2 ** 22 + 1, startTicks: '1', bootId: 'none' }
  const { ended: _, ...before } = sampleRecord({ id: 'all', process: gone })
  writeFileSync(recordPath(directory, 'all'), encodeRecord(before))
  const said: string[] = []
  const registry = new Registry(directory)
  const opened = await FleetRecord.open('all', list, registry, new FakeClock(), (text) => {
    said.push(text)
  })
  t.ok('record' in opened)
  t.match(said, [/^took over the ID all: process 4194305 is gone/])
})
