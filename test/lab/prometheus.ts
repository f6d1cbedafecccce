import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { skipWithout } from '../helpers/build-packages.ts'
import { runCommand, startCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { licensed } from '../helpers/licensed.ts'
import { startServe } from '../helpers/serve/serve-command.ts'

t.setTimeout(300_000)
const templates = join(import.meta.dirname, '../../templates/prometheus')
const tools = { skip: skipWithout('promtool', 'prometheus') }
const lab = { skip: tools.skip || skipOutsideLab() }

function promtool(...argv: string[]) {
  const { status, stdout, stderr } = spawnSync('promtool', argv, { encoding: 'utf8' })
  return { status, said: `${stdout}${stderr}` }
}

t.test('the rules fire when they should, and only then', tools, async (t) => {
  const checked = promtool('check', 'rules', join(templates, 'rules.yml'))
  t.equal(checked.status, 0, checked.said)
  t.match(checked.said, /8 rules found/)
  const tested = promtool('test', 'rules', join(templates, 'rules-test.yml'))
  t.equal(tested.status, 0, tested.said)
})

t.test('Prometheus reads what a watch finds, and its rules fire', lab, async (t) => {
  const root = t.testdir({ data: {} })
  await licensed(root)
  const env = { CLP_FSMON_ROOT: root }
  const host = await Host.create()
  t.teardown(() => host.down())
  const samba = await host.samba()
  const argv = ['watch1', '-s', 'guest', '-a', host.address, '-i', '1', '-r', '1', '-c', '900']
  await startCommand(t, 'clp_sambamon', argv, { env }).said(/ 2 INFO /)
  const { url } = await startServe(t, root)
  const file = join(root, 'prometheus.yml')
  writeFileSync(
    file,
    JSON.stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [join(templates, 'rules.yml')],
      scrape_configs: [
        { job_name: 'clp-fsmon', static_configs: [{ targets: [new URL(url).host] }] },
      ],
    }),
  )
  const config = promtool('check', 'config', file)
  t.equal(config.status, 0, config.said)
  const prometheus = spawn(
    'prometheus',
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(root, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  t.teardown(() => prometheus.kill('SIGKILL'))
  let said = ''
  prometheus.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  let place = ''
  await eventually('Prometheus listens', () => {
    place = /msg="Listening on" address=(127\.0\.0\.1:\d+)/.exec(said)?.[1] ?? ''
    return place !== ''
  })
  const values = async (query: string): Promise<{ metric: object; value: string }[]> => {
    const answer = await fetch(`http://${place}/api/v1/query?query=${encodeURIComponent(query)}`)
    const body = (await answer.json()) as {
      data?: { result: { metric: object; value: [number, string] }[] }
    }
    return (body.data?.result ?? []).map(({ metric, value: [, value] }) => ({ metric, value }))
  }
  const becomes = async (query: string, value: string) =>
    eventually(`${query}: ${value}`, async () => (await values(query))[0]?.value === value)

  await becomes('clp_fsmon_up', '1')
  t.match(await values('clp_fsmon_up'), [
    { metric: { id: 'watch1', command: 'clp_sambamon', server: host.address, target: 'guest' } },
  ])
  await becomes('clp_fsmon_checks_total{result="ok"} > bool 2', '1')
  await becomes('clp_fsmon_check_duration_seconds_count{stage="negotiate"} > bool 2', '1')
  await becomes('time() - clp_fsmon_last_success_timestamp_seconds < bool 30', '1')
  t.match(await values('clp_fsmon_build_info'), [{ value: '1', metric: { version: /^\d/ } }])
  await samba.freeze()
  await becomes('clp_fsmon_up', '0')
  await becomes('ALERTS{alertname="ClpFsmonServerDown",alertstate="firing"}', '1')
  await samba.thaw()
  await becomes('clp_fsmon_up', '1')
  await eventually(
    'the alert is over',
    async () => (await values('ALERTS{alertname="ClpFsmonServerDown"}')).length === 0,
  )
  await runCommand(t, 'clp_sambamon', ['watch1', '-pause'], { env })
  await becomes('clp_fsmon_state{state="paused"}', '1')
  await becomes('clp_fsmon_paused_seconds > bool 0', '1')
  const targets = await fetch(`http://${place}/api/v1/targets`)
  t.match(await targets.json(), { data: { activeTargets: [{ health: 'up', lastError: '' }] } })

  const metrics = await (await fetch(`${url}/metrics`)).text()
  const checked = spawnSync('promtool', ['check', 'metrics'], { input: metrics, encoding: 'utf8' })
  t.equal(checked.status, 0, `${checked.stdout}${checked.stderr}`)
  t.equal(checked.stderr, '')
})
