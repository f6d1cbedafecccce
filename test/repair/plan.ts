import t from 'tap'
import {
  repairMs,
  stepMs,
  stepsFor,
  type RepairPlan,
  type RepairStep,
} from '../../src/repair/plan.ts'

const step = (name: string, causes: string[], limitMs = 1000): RepairStep => ({
  name,
  causes,
  command: ['/bin/true'],
  limitMs,
  remote: false,
})

const plan = (...steps: RepairStep[]): RepairPlan => ({
  steps,
  perHour: 3,
  perDay: 10,
  totalMs: 100_000,
  settleMs: 4000,
  waitMs: 7000,
})

t.test(
  'steps come by the rank of their causes, then as they are written, those for any last',
  (t) => {
    const one = step('one', ['any'])
    const two = step('two', ['backlog-full', 'process-stopped'])
    const three = step('three', ['process-stopped'])
    const four = step('four', ['disk-full'])
    const names = (causes: string[]) =>
      stepsFor(plan(one, two, three, four), causes).map(
        (chosen) => `${chosen.step.name} ${chosen.cause}`,
      )
    t.same(names(['process-stopped', 'disk-full']), [
      'two process-stopped',
      'three process-stopped',
      'four disk-full',
      'one any',
    ])
    t.same(names(['backlog-full', 'process-stopped']), [
      'two backlog-full',
      'three process-stopped',
      'one any',
    ])
    t.same(names([]), ['one any'])
    t.same(stepsFor(plan(two), ['disk-full']), [])
    t.end()
  },
)

t.test(
  'the longest time counts every wait there is, and no more than the total for all steps',
  (t) => {
    const deadlineMs = 500
    const its = plan(step('one', ['any'], 1000), step('two', ['any'], 2000))
    const each = stepMs({ limitMs: 1000 }, its, deadlineMs)
    t.equal(each, 3 * 2000 + 1000 + 3000 + 2000 + 4000 + 500)
    t.equal(repairMs(its, deadlineMs), 7000 + 500 + 2000 + each + each + 1000)
    t.equal(repairMs({ ...its, totalMs: 20_000 }, deadlineMs), 7000 + 500 + 20_000)
    t.end()
  },
)
