import t from 'tap'
import { kindOf, planOf } from '../../../src/cli/repair/plan-of.ts'
import { understandToml } from '../../../src/config/read-toml.ts'
import { repairKind } from '../../../src/config/repair-kinds.ts'
import { ranking } from '../../../src/diagnosis/ranking.ts'
import { builtInSteps } from '../../../src/repair/built-in-steps.ts'

const read = async (text: string) => {
  const { value, problems } = await understandToml(
    '/f',
    text,
    repairKind({ builtIns: Object.keys(builtInSteps), causes: Object.keys(ranking) }),
  )
  t.strictSame(problems, [])
  return value
}

const text = `
  total = 60
  settle = 2
  [[step]]
  use = "restart-smbd"
  [[step]]
  name = "mine"
  use = "restart-winbind"
  causes = ["any"]
  timeout = 7
  watches = ["w1"]
  [[step]]
  name = "own"
  kind = "nfs"
  causes = ["backlog-full"]
  command = ["/bin/own", "x"]
  remote = true`

t.test('a plan has the steps that are meant for the watch', async (t) => {
  const settings = await read(text)
  const exists = (path: string) => path === '/etc/init.d/smbd'
  const plan = planOf(settings, { kind: 'samba', id: 'w1' }, exists)
  t.match(plan, { perHour: 3, perDay: 10, totalMs: 60_000, settleMs: 2000, waitMs: 60_000 })
  t.match(plan?.steps, [
    { name: 'restart-smbd', command: ['/etc/init.d/smbd', 'restart'], limitMs: 60_000 },
    { name: 'mine', causes: ['any'], command: /^neither systemd/, limitMs: 7000, remote: false },
  ])
  t.match(plan?.steps[0]?.causes, builtInSteps['restart-smbd']?.causes)
  t.same(plan?.steps[0]?.endsStopped, builtInSteps['restart-smbd']?.programs)
  t.equal(plan?.steps[1]?.endsStopped, undefined)
  t.same(
    planOf(settings, { kind: 'samba', id: 'w2' })?.steps.map(({ name }) => name),
    ['restart-smbd'],
  )
  t.match(planOf(settings, { kind: 'nfs', id: 'w1' })?.steps, [
    {
      name: 'own',
      command: ['/bin/own', 'x'],
      causes: ['backlog-full'],
      limitMs: 30_000,
      remote: true,
    },
  ])
  t.equal(planOf(settings, { kind: 'samba' })?.steps.length, 2, 'of all watches')
})

t.test('where nothing is meant for it, there is none', async (t) => {
  const settings = await read(text)
  t.equal(planOf(undefined, { kind: 'nfs' }), undefined)
  t.equal(planOf(settings && { ...settings, enabled: false }, { kind: 'nfs' }), undefined)
  t.equal(planOf(await read('[[step]]\nuse = "restart-smbd"'), { kind: 'nfs' }), undefined)
  t.match(planOf(settings && { ...settings, wait: 0 }, { kind: 'nfs' }), { waitMs: 0 })
  const [, , one] = settings?.step ?? []
  t.equal(one && kindOf(one), 'nfs')
  t.equal(one && kindOf({ ...one, kind: undefined }), undefined)
})
