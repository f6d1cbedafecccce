import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { clusterFacts } from '../../src/doctor/cluster-facts.ts'

const has = () => false

t.test('a host without any of them has none', async (t) => {
  const root = t.testdir()
  t.same(clusterFacts({ root, etc: join(root, 'etc'), templates: [], has }), {
    pacemaker: undefined,
    keepalived: undefined,
    systemd: undefined,
    exec: undefined,
  })
})

t.test('each is found with what it needs of us', async (t) => {
  const root = t.testdir({
    usr: {
      lib: {
        ocf: { 'resource.d': { clp: { fsmon: '#!/bin/sh' } } },
        systemd: { system: { 'clp-sambamon@.service': '' } },
      },
    },
    run: { systemd: { system: {} } },
    etc: {
      keepalived: { 'keepalived.conf': '' },
      'clp-fsmon': { 'a.env': "SHARE='x'\n", 'b.env': 'DIRECTORY=/x\n', 'c.txt': 'SHARE=x' },
    },
    opt: {
      nec: {
        clusterpro: { scripts: { g: { e: { 'start.sh': 'clp_sambamon x', 'stop.sh': '' } } } },
      },
    },
    check: '# asks clp-fsmon',
    templates: { pacemaker: { fsmon: '#!/bin/sh' } },
  })
  const etc = join(root, 'etc/clp-fsmon')
  const agent = join(root, 'usr/lib/ocf/resource.d/clp/fsmon')
  const source = join(root, 'templates/pacemaker/fsmon')
  const templates = [join(root, 'nowhere'), join(root, 'templates')]
  const places = { root, etc, templates, has: (program: string) => program === 'pacemakerd' }
  const facts = clusterFacts(places)
  t.same(facts.pacemaker, { file: agent, state: 'not-executable', source })
  chmodSync(agent, 0o755)
  t.same(clusterFacts(places).pacemaker, { file: agent, state: 'there', source })
  writeFileSync(agent, '')
  t.same(clusterFacts(places).pacemaker, { file: agent, state: 'different', source })
  t.match(clusterFacts({ ...places, templates: [] }).pacemaker, { state: 'there' })
  t.same(facts.keepalived, [])
  t.same(facts.systemd, [
    { file: join(root, 'usr/lib/systemd/system/clp-sambamon@.service'), state: 'there' },
    { file: join(root, 'usr/lib/systemd/system/clp-nfsmon@.service'), state: 'missing' },
  ])
  t.match(facts.exec, [{ file: join(root, 'opt/nec/clusterpro/scripts/g/e/start.sh') }])
})

t.test("keepalived's scripts are those that name our monitors", async (t) => {
  const root = t.testdir({ own: 'clp_sambamon', other: 'pgrep smbd', etc: { keepalived: {} } })

  writeFileSync(
    join(root, 'etc/keepalived/keepalived.conf'),
    [`script "${root}/own x"`, `script ${root}/other`, 'script "/etc/keepalived/fsmon/gone.sh y"']
      .map((line) => `vrrp_script a {\n  ${line}\n}\n`)
      .join(''),
  )
  const { keepalived } = clusterFacts({ root, etc: join(root, 'etc'), templates: [], has })
  t.match(keepalived, [
    { file: join(root, 'own'), state: 'not-executable' },
    {
      file: '/etc/keepalived/fsmon/gone.sh',
      state: 'missing',
      source: '/usr/lib/clp-fsmon/templates/keepalived/check.sh',
    },
  ])
  t.equal(keepalived?.length, 2)
})
