import t from 'tap'
import type { Outcome } from '../../src/probe/probe.ts'
import { weighProgress } from '../../src/watch/weigh-progress.ts'
import { leastWorkBytes, type ReadWork, type WorkDone } from '../../src/watch/work-done.ts'
import { FakeClock } from '../helpers/fake-clock.ts'
import { failedWith, noSocket, ok, timedOut } from '../helpers/scripted-probe.ts'

const { signal } = new AbortController()

async function weigh(outcome: Outcome, readWork: ReadWork, isOwn = true): Promise<Outcome> {
  const parts = { clock: new FakeClock(), readWork, isOwn: () => isOwn, weight: 0.5 }
  return weighProgress(async () => outcome, parts)(signal)
}

/** A server that has done so much more at each reading. */
function works(bytes: number): ReadWork {
  let done = 0
  return async () => new Map([['10 100', (done += bytes)]])
}

t.test('a time-out of a server that is at work weighs less', async (t) => {
  t.match(await weigh(timedOut, works(leastWorkBytes)), {
    kind: 'failed',
    weight: 0.5,
    detail: { workBytes: leastWorkBytes },
  })
})

t.test('one that has done no more than a check asks for is not at work', async (t) => {
  t.same(await weigh(timedOut, works(leastWorkBytes - 1)), timedOut)
  t.same(await weigh(timedOut, works(0)), timedOut)
})

t.test('neither another host nor any other outcome is weighed', async (t) => {
  const busy = () => works(leastWorkBytes)
  t.same(await weigh(timedOut, busy(), false), timedOut)
  const refused: Outcome = { ...failedWith({ id: 62, nn: 5 }), failure: 'refused' } as Outcome
  for (const outcome of [ok, noSocket, refused]) t.same(await weigh(outcome, busy()), outcome)
  const nowhere = { ...timedOut, detail: {} } as Outcome
  t.same(await weigh(nowhere, busy()), nowhere)
})

t.test('what cannot be read in time is no work', async (t) => {
  t.same(await weigh(timedOut, () => Promise.reject(new Error('EACCES'))), timedOut)
  const clock = new FakeClock()
  const hangs = weighProgress(async () => timedOut, {
    clock,
    readWork: () => new Promise<WorkDone>(() => undefined),
    isOwn: () => true,
    weight: 0.5,
  })(signal)
  await clock.advance(1000)
  await clock.advance(1000)
  t.same(await hangs, timedOut)
})
