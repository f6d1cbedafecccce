import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { lab } from '../helpers/lab/command.ts'

t.setTimeout(300_000)
const options = { skip: skipOutsideLab() }
const root = join(import.meta.dirname, '../..')
const agent = join(root, 'templates/pacemaker/fsmon')
const share = `it's a "share"`

/** A host with a license, on which the agent is called as Pacemaker calls it. */
class Called {
  readonly host: Host

  private constructor(host: Host) {
    this.host = host
  }

  static async create(t: Test): Promise<Called> {
    const host = await Host.create({ name: 'agent' })
    t.teardown(() => host.down())
    await host.exec('env', ['-u', 'NODE_OPTIONS', join(root, 'bin/clplcnsc'), '--community'])
    const conf = `[${share}]\npath = /srv\nguest ok = yes\n`
    await lab(['start', host.name, 'samba', '--conf', '-'], { stdin: conf })
    return new Called(host)
  }

  /** The words that run an action with these parameters. */
  words(action: string, parameters: Record<string, string>): string[] {
    const values = { share, interval: '1', retries: '1', wait: '2', ...parameters }
    return [
      '-u',
      'NODE_OPTIONS',
      `PATH=${join(root, 'bin')}:${process.env.PATH ?? ''}`,
      'OCF_RESOURCE_INSTANCE=mon',
      'OCF_RESKEY_CRM_meta_interval=10000',
      ...Object.entries(values).map(([name, value]) => `OCF_RESKEY_${name}=${value}`),
      agent,
      action,
    ]
  }

  ask(action: string, parameters: Record<string, string> = {}) {
    return this.host.exec('env', this.words(action, parameters))
  }

  async monitors(): Promise<string[]> {
    return (await this.host.exec('pgrep', ['-f', 'clp_sambamon mon'])).stdout
      .split('\n')
      .slice(0, -1)
  }
}

t.test('the agent with a real server', options, async (t) => {
  const called = await Called.create(t)

  await t.test('starts once and stops once, however often it is told to', async (t) => {
    t.match(await called.ask('stop'), { status: 0, stderr: '' }, 'what was never started')
    t.match(await called.ask('monitor'), { status: 7, stderr: '' })
    for (let time = 0; time < 2; time += 1) {
      t.match(await called.ask('start'), { status: 0, stderr: '' })
      t.equal((await called.monitors()).length, 1)
      t.match(await called.ask('monitor'), { status: 0, stderr: '' })
    }
  })

  await t.test('asks for no other program when it monitors', async (t) => {
    const words = ['-f', '-qq', '-e', 'trace=process', '-e', 'signal=none', '-o', '/run/traced']
    const env = called.words('monitor', {})
    t.match(await called.host.exec('strace', [...words, 'env', ...env]), { status: 0 })
    const { stdout } = await called.host.exec('cat', ['/run/traced'])
    t.equal(stdout.match(/ = 0$/gm)?.length, 2, `env and the shell alone: ${stdout}`)
    t.notMatch(stdout, /^\d+ +(v?fork|clone3?)\(/m)
  })

  await t.test('monitors in less time than Node takes to begin', async (t) => {
    const timed =
      'for i in $(seq 50); do a=${EPOCHREALTIME/./}; "$@" || exit; echo $((${EPOCHREALTIME/./} - a)); done'
    const timeOf = async (words: readonly string[]) => {
      const said = await called.host.exec('bash', ['-c', timed, 'timed', ...words], {
        env: { ...process.env, LC_ALL: 'C' },
      })
      t.match(said, { status: 0, stderr: '' })
      const us = said.stdout.split('\n').slice(0, -1).map(Number)
      t.equal(us.length, 50)
      const [least = NaN, median = NaN] = [0, 25].map((at) => us.toSorted((a, b) => a - b)[at])
      return { leastMs: least / 1000, medianMs: median / 1000 }
    }
    const agent = await timeOf(['env', ...called.words('monitor', {})])
    const node = await timeOf(['env', '-u', 'NODE_OPTIONS', 'node', '-e', '0'])
    const told = ({ leastMs, medianMs }: typeof agent) =>
      `${leastMs} ms at least, median ${medianMs} ms`
    t.comment(`of 50 each: monitor ${told(agent)}; node -e 0 ${told(node)}`)
    t.ok(agent.medianMs < node.medianMs)
  })

  t.match(await called.ask('stop'), { status: 0, stderr: '' })
  t.strictSame(await called.monitors(), [])
  t.match(await called.ask('stop'), { status: 0, stderr: '' })

  const impatient = { CRM_meta_timeout: '5000', wait: '60' }
  await lab(['freeze', called.host.name, 'samba'])
  for (const [what, parameters, reason] of [
    ['no time for the first check', impatient, /no check has succeeded in time/],
    ['a server that is dead from the start', {}, /the server is abnormal: .*no answer in time/],
    ['no time to prove it well again', impatient, /judged abnormal here and still is: no answer/],
  ] as const) {
    await t.test(`fails its start with a reason: ${what}`, async (t) => {
      const said = await called.ask('start', parameters)
      t.match(said, { status: 1, stderr: reason }, said.stderr)
      t.strictSame(await called.monitors(), [], 'and nothing is left')
      t.match(await called.ask('stop'), { status: 0, stderr: '' })
    })
  }
})

t.test('the agent with a list of many watches', options, async (t) => {
  const called = await Called.create(t)
  const list = join(t.testdir(), 'list.toml')
  const text = ['one', 'two'].map(
    (id) => `[[watch]]\nid = "${id}"\nkind = "samba"\nshare = "guest"\n`,
  )
  writeFileSync(list, `[defaults]\ninterval = 1\nretries = 1\nwait = 2\n${text.join('')}`)
  const ask = (action: string, parameters: Record<string, string> = {}) =>
    called.ask(action, { kind: 'run', list, ...parameters })
  const running = async () =>
    (await called.host.exec('pgrep', ['-f', 'clp_fsmon run'])).stdout.split('\n').slice(0, -1)

  t.match(await ask('monitor'), { status: 7, stderr: '' })
  t.match(await ask('start', { list: '/nowhere' }), { status: 2, stderr: /cannot be read/ })
  for (let time = 0; time < 2; time += 1) {
    t.match(await ask('start'), { status: 0, stderr: '' })
    t.equal((await running()).length, 1)
    t.match(await ask('monitor'), { status: 0, stderr: '' })
  }
  t.match(await ask('stop'), { status: 0, stderr: '' })
  t.strictSame(await running(), [])
  t.match(await ask('stop'), { status: 0, stderr: '' })

  t.match(await ask('start'), { status: 0, stderr: '' })
  await lab(['freeze', called.host.name, 'samba'])
  await eventually('the list ends', async () => (await running()).length === 0)
  t.match(await ask('monitor'), { status: 1, stderr: /judged abnormal: (one|two): / })
  t.match(await ask('stop'), { status: 0, stderr: '' })
  t.match(await ask('start'), { status: 1, stderr: /the server is abnormal: (one|two): / })
  t.strictSame(await running(), [])
  await lab(['thaw', called.host.name, 'samba'])
  t.match(await ask('start'), { status: 0, stderr: '' })
  t.match(await ask('stop'), { status: 0, stderr: '' })
})
