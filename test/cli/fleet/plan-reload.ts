import t from 'tap'
import { planReload } from '../../../src/cli/fleet/plan-reload.ts'
import type { FleetList } from '../../../src/cli/fleet/fleet-list.ts'
import { monitorRequest } from '../../../src/cli/monitor/monitor-request.ts'

function list(text: string, more: Partial<FleetList> = {}): FleetList {
  const watches = text
    .split(' ')
    .filter(Boolean)
    .map((word) => {
      const [id = '', share = ''] = word.split('=')
      const request = monitorRequest('clp_sambamon', [id, '-s', share])
      if (request.want !== 'watch') throw new Error(word)
      return { id, group: '', settings: request.settings }
    })
  return { file: 'f', exitOn: 'any', limits: { inAll: 64, perAddress: 8 }, watches, ...more }
}

function plan(now: string, next: string, running: string, more: Partial<FleetList> = {}) {
  const { end, begin, unchanged, waits } = planReload(
    list(now),
    list(next, more),
    new Set(running.split(' ').filter(Boolean)),
  )
  return { end: end.join(' '), begin: begin.map(({ id }) => id).join(' '), unchanged, waits }
}

t.test('what is the same goes on, what is new begins, what is gone ends', (t) => {
  t.same(plan('a=1 b=1', 'a=1 c=1', 'a b'), { end: 'b', begin: 'c', unchanged: 1, waits: [] })
  t.end()
})

t.test('what has changed ends and begins again', (t) => {
  t.same(plan('a=1 b=1', 'a=1 b=2', 'a b'), { end: 'b', begin: 'b', unchanged: 1, waits: [] })
  t.end()
})

t.test('what is listed and does not run begins', (t) => {
  t.same(plan('a=1 b=1', 'a=1 b=1', 'a'), { end: '', begin: 'b', unchanged: 1, waits: [] })
  t.end()
})

t.test('what decides the end of all, and the limits, wait for the next start', (t) => {
  const more = { exitOn: 'all', limits: { inAll: 1, perAddress: 1 } } as const
  t.same(plan('a=1', 'a=1', 'a', more).waits, ['exit-on', 'limits'])
  t.end()
})
