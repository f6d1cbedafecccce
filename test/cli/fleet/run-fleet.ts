import { rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { layoutUnder } from '../../../src/registry/layout.ts'
import { entry, list, rootOf, run, servers } from '../../helpers/fleet-run.ts'

t.test('the first abnormal server ends the process: 6 for it, 3 for the others', async (t) => {
  const all = await servers(t, 3)
  const [a, b, c] = all
  if (a === undefined || b === undefined || c === undefined) throw new Error('no servers')
  const fleet = run(rootOf(all), list([entry('a1', a), entry('b1', b), entry('c1', c)]))
  await fleet.says('"id":2', 3)
  b.fallSilent()
  t.strictSame(await fleet.exit, { status: 1, stuck: false })
  t.strictSame(fleet.ids(), [1, 1, 1, 2, 2, 2, 0, 66, 6, 3, 3])
  t.match(fleet.said(), 'the process ends with b1')
  t.match(await fleet.registry.read('b1'), {
    record: { ended: { how: 'abnormal', exitStatus: 1 } },
  })
  t.match(await fleet.registry.read('a1'), { record: { ended: { how: 'stopped', exitStatus: 0 } } })
  t.match(await fleet.registry.read('watches'), {
    record: { ended: { how: 'abnormal', exitStatus: 1 }, lastCheck: { reason: /^b1: / } },
  })
})

t.test('a process in which every watch was stopped ends well', async (t) => {
  const all = await servers(t, 2)
  const [a, b] = all
  if (a === undefined || b === undefined) throw new Error('no servers')
  const fleet = run(rootOf(all), list([entry('a1', a), entry('b1', b)]))
  await fleet.says('"id":2', 2)
  await fleet.ask('a1', 'stop')
  await fleet.ask('b1', 'stop')
  t.strictSame(await fleet.exit, { status: 0, stuck: false })
})

t.test('an ID that another process watches keeps the whole list from starting', async (t) => {
  const all = await servers(t, 2)
  const [a, b] = all
  if (a === undefined || b === undefined) throw new Error('no servers')
  const first = run(rootOf(all), list([entry('b1', b)]))
  await first.says('"id":2')
  const second = run(rootOf(all), list([entry('a1', a), entry('b1', b)]), 'second')
  t.strictSame(await second.exit, { status: 3, stuck: false })
  t.match(second.io.complained(), /b1 of .* is already watched by clp_nfsmon \(pid \d+\)\. Nothing/)
  t.match(first.said(), '"id":14')
  t.equal(await second.state('a1'), 'ended')
  t.equal(a.checks(), 0)
  t.equal(await first.state('b1'), 'watching')
  t.match(await second.registry.read('second'), { record: { ended: { exitStatus: 3 } } })
  const third = run(rootOf(all), list([entry('a1', a)]))
  t.strictSame(await third.exit, { status: 3, stuck: false })
  t.match(third.io.complained(), /watches of .* is already watched by clp_fsmon \(pid \d+\)/)
  first.handlers()?.onStop('SIGTERM')
  t.match(await first.exit, { status: 0 })
})

t.test('without a license nothing starts', async (t) => {
  const all = await servers(t, 1)
  const [a] = all
  if (a === undefined) throw new Error('no server')
  rmSync(join(layoutUnder(rootOf(all)).lib, 'license.json'))
  const fleet = run(rootOf(all), list([entry('a1', a)]))
  t.strictSame(await fleet.exit, { status: 4, stuck: false })
  t.strictSame(fleet.ids(), [51])
  t.equal(await fleet.state('a1'), 'none')
})
