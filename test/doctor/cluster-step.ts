import t from 'tap'
import { judgeCluster, type ClusterFacts } from '../../src/doctor/cluster-step.ts'

const none: ClusterFacts = {
  pacemaker: undefined,
  keepalived: undefined,
  systemd: undefined,
  exec: undefined,
}
const at = (state: 'there' | 'missing' | 'not-executable' | 'different') =>
  ({ file: '/f', state }) as const

t.test('without a manager that is noted, and no more', async (t) => {
  t.match(judgeCluster(none), [{ grade: 'note', what: 'noManager' }])
  t.strictSame(
    judgeCluster({ ...none, systemd: [at('there')] }).map(({ what }) => what),
    ['systemdThere', 'noManager'],
  )
})

for (const [facts, grade, what] of [
  [{ pacemaker: at('there') }, 'ok', 'pacemakerThere'],
  [{ pacemaker: at('missing') }, 'failure', 'pacemakerMissing'],
  [{ pacemaker: at('not-executable') }, 'failure', 'notExecutable'],
  [{ pacemaker: at('different') }, 'warning', 'pacemakerDiffers'],
  [{ keepalived: [at('missing')] }, 'failure', 'keepalivedMissing'],
  [{ keepalived: [] }, 'note', 'keepalivedUnused'],
  [{ exec: [] }, 'note', 'execUnused'],
  [{ exec: [at('there')] }, 'ok', 'execThere'],
] as const) {
  t.test(`${JSON.stringify(facts)} is ${what}`, async (t) => {
    t.match(judgeCluster({ ...none, ...facts }), [{ grade, what }])
    t.equal(judgeCluster({ ...none, ...facts }).length, 1)
  })
}

t.test('settings of units without their unit are a failure', async (t) => {
  t.match(judgeCluster({ ...none, systemd: [at('missing')] }), [
    { grade: 'failure', what: 'systemdMissing' },
    { what: 'noManager' },
  ])
})

t.test('where one monitor is configured, its ID is part of the remedy', async (t) => {
  const facts = { ...none, keepalived: [{ ...at('missing'), source: '/t' }] }
  t.match(judgeCluster(facts, 'w1'), [{ values: { file: '/f', source: '/t', id: 'w1' } }])
  t.match(judgeCluster(facts), [{ values: { id: 'ID' } }])
})
