import t from 'tap'
import { keyOf, type Finding } from '../../src/guard/finding.ts'
import { Guard } from '../../src/guard/guard.ts'
import type { Looked } from '../../src/guard/look.ts'
import { emptyMemory, type Memory } from '../../src/guard/memory.ts'
import { sampleRecord } from '../helpers/sample-record.ts'

const process = { pid: 77, startTicks: '5', bootId: 'boot' }
const gone: Finding = {
  trouble: 'vanished',
  id: 'fs1',
  command: 'clp_sambamon',
  target: 'pub',
  process,
  others: [],
  ms: 0,
}
const hanging: Finding = { ...gone, trouble: 'hangs', ms: 60_000 }
const late: Finding = { ...gone, trouble: 'late', ms: 20_000 }

/** A guard whose looks find what is put into `found`, one after the other and the last one again. */
function guarded(memory: Memory = emptyMemory) {
  const state = {
    found: [[]] as Finding[][],
    before: [] as Looked['before'],
    said: [] as string[],
    looks: 0,
    resumed: [] as number[],
    uptimeMs: 1_000_000,
    suspendedMs: 0,
    oversleepMs: 0,
    isStopped: false,
  }
  const guard = new Guard({
    memory,
    bootId: 'boot',
    clock: () => state,
    wait: async (ms) => {
      state.uptimeMs += ms + state.oversleepMs
    },
    isStopped: () => state.isStopped,
    look: async (resumedUptimeMs, lateChecks) => {
      state.looks += 1
      state.resumed.push(resumedUptimeMs)
      const [findings = []] = state.found
      if (state.found.length > 1) state.found.shift()
      return {
        findings: new Map(findings.map((finding) => [keyOf(finding), finding])),
        before: state.before,
        lateChecks,
        count: 3,
      }
    },
    began: ({ trouble, id }) => state.said.push(`${trouble} ${id}`),
    over: ({ id }) => state.said.push(`over ${id}`),
    before: ({ id }) => state.said.push(`before ${id}`),
  })
  return { state, guard }
}

t.test('where all is well one look is enough, and nothing is said', async (t) => {
  const { guard, state } = guarded()
  t.strictSame(await guard.round(), { findings: [], count: 3 })
  t.equal(state.looks, 1)
  t.strictSame(state.said, [])
})

t.test('what two looks have found is said once, and once that it is over', async (t) => {
  const { guard, state } = guarded()
  state.found = [[gone]]
  t.match(await guard.round(), { findings: [{ id: 'fs1' }] })
  t.equal(state.looks, 2)
  await guard.round()
  t.equal(state.looks, 3, 'what is known needs no second look')
  t.strictSame(state.said, ['vanished fs1'])
  state.found = [[]]
  t.strictSame((await guard.round()).findings, [])
  t.strictSame(state.said, ['vanished fs1', 'over fs1'])
  state.found = [[gone]]
  await guard.round()
  t.strictSame(state.said, ['vanished fs1', 'over fs1', 'vanished fs1'])
})

t.test('what one look alone has found is not said', async (t) => {
  const { guard, state } = guarded()
  state.found = [[gone], []]
  t.strictSame((await guard.round()).findings, [])
  state.found = [[hanging], [gone], []]
  await guard.round()
  t.strictSame(state.said, [])
  state.found = [[gone]]
  await guard.round()
  state.found = [[], [gone]]
  t.match(await guard.round(), { findings: [{ id: 'fs1' }] }, 'nor is it over by one look')
  t.strictSame(state.said, ['vanished fs1'])
})

t.test('who hangs, then runs late, then is well again is one episode', async (t) => {
  const { guard, state } = guarded()
  for (const found of [hanging, late, hanging]) {
    state.found = [[found]]
    await guard.round()
  }
  t.strictSame(state.said, ['hangs fs1'])
  state.found = [[gone]]
  await guard.round()
  t.strictSame(state.said, ['hangs fs1', 'over fs1', 'vanished fs1'])
})

t.test('a guard that is starved itself looks again before it says anything', async (t) => {
  const { guard, state } = guarded()
  state.oversleepMs = 3001
  state.found = [[hanging], [hanging], []]
  await guard.round()
  t.strictSame(state.said, [])
  state.looks = 0
  state.found = [[hanging]]
  await guard.round()
  t.equal(state.looks, 4, 'but not for ever')
  t.strictSame(state.said, ['hangs fs1'])
})

t.test('a guard that is to end says nothing of what it has seen once', async (t) => {
  const { guard, state } = guarded()
  state.found = [[gone]]
  state.isStopped = true
  t.strictSame(await guard.round(), { findings: [], count: 3 })
  t.strictSame(state.said, [])
})

t.test(
  'what one guard has said the next does not say again, unless the machine restarted',
  async (t) => {
    const first = guarded()
    first.state.found = [[gone]]
    await first.guard.round()
    const second = guarded(first.guard.memory)
    second.state.found = [[gone]]
    t.match(await second.guard.round(), { findings: [{ id: 'fs1' }] })
    t.strictSame(second.state.said, [])
    const restarted = guarded({ ...first.guard.memory, bootId: 'earlier' })
    await restarted.guard.round()
    t.strictSame(restarted.state.said, [], 'nor is it over: it is of another boot')
  },
)

t.test('a monitor of an earlier boot is told of once', async (t) => {
  const { guard, state } = guarded()
  state.before = [sampleRecord({ id: 'old' })]
  t.strictSame((await guard.round()).findings, [])
  await guard.round()
  t.strictSame(state.said, ['before old'])
  const next = guarded(guard.memory)
  next.state.before = state.before
  await next.guard.round()
  t.strictSame(next.state.said, [])
})

t.test(
  'from the first look after a suspension on every monitor has its whole time again',
  async (t) => {
    const { guard, state } = guarded({ ...emptyMemory, bootId: 'boot', suspendedMs: 500 })
    await guard.round()
    state.uptimeMs = 5_000_000
    state.suspendedMs = 100_000
    await guard.round()
    state.uptimeMs = 5_100_000
    await guard.round()
    t.strictSame(state.resumed, [0, 5_000_000, 5_000_000])
  },
)
