import t from 'tap'
import type { Outcome, Probe } from '../../src/probe/probe.ts'
import { measureBy, type Space } from '../../src/probe/space.ts'

const { signal } = new AbortController()
const stages: Outcome['stages'] = []
const ok: Outcome = { kind: 'ok', stages, detail: {} }
const refused: Outcome = {
  kind: 'failed',
  stages,
  stage: 'space',
  failure: 'refused',
  cause: { id: 62, nn: 5 },
  reason: 'space: ACCESS_DENIED',
  detail: {},
}

function measure(outcome: Outcome, ...found: Partial<Space>[]) {
  const probe = (tell: (space: Partial<Space>) => void): Probe => {
    return async () => {
      const next = found.shift()
      if (next !== undefined) tell(next)
      return outcome
    }
  }
  return measureBy(probe)
}

t.test('what is found counts, even where taking leave fails', async (t) => {
  const space = { freeBytes: 1, totalBytes: 2 }
  for (const outcome of [ok, refused, { kind: 'aborted', stages } as const]) {
    t.same(await measure(outcome, space)(signal), { kind: 'measured', space })
  }
})

t.test('a server that does not tell, or says no, has refused', async (t) => {
  const silent = { kind: 'refused', reason: /does not tell/ }
  t.match(await measure(ok)(signal), silent)
  t.match(await measure(ok, { totalBytes: 1 })(signal), silent)
  t.match(await measure(refused)(signal), { kind: 'refused', reason: 'space: ACCESS_DENIED' })
})

t.test('whatever else goes wrong may go well the next time', async (t) => {
  const others: Outcome[] = [
    { ...refused, failure: 'timeout' },
    { ...refused, stage: 'session' },
    { ...refused, kind: 'cannot-judge' },
    { kind: 'aborted', stages },
  ]
  for (const outcome of others) t.match(await measure(outcome)(signal), { kind: 'failed' })
})

t.test('what was found before does not count again', async (t) => {
  const asked = measure(ok, { freeBytes: 1, totalBytes: 2 })
  t.match(await asked(signal), { kind: 'measured' })
  t.match(await asked(signal), { kind: 'refused' })
})
