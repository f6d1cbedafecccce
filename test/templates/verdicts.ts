import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { identityOf } from '../../src/registry/process-identity.ts'
import { encodeRecord, type MonitorRecord } from '../../src/registry/record.ts'
import { fillInSettings } from '../../src/cli/fsmon/template-settings.ts'
import { nobody, sampleRecord } from '../helpers/sample-record.ts'
import { fullTally } from '../helpers/sample-tally.ts'

const templates = join(import.meta.dirname, '../../templates')
const agent = join(templates, 'pacemaker/fsmon')

type Run = { status: number | null; reason: string }

/** A place with a record, and what those say who read it. */
class Place {
  readonly #root: string

  constructor(t: Test) {
    this.#root = t.testdir({ bin: {}, kept: {} })
    for (const name of ['clp_sambamon', 'clp_nfsmon']) {
      writeFileSync(join(this.#root, 'bin', name), '#!/bin/sh\nexit "${ENDS_WITH:-9}"\n', {
        mode: 0o755,
      })
    }
    mkdirSync(join(this.#root, 'run/clp-fsmon'), { recursive: true })
  }

  get file(): string {
    return join(this.#root, 'run/clp-fsmon/sambawatch.json')
  }

  /** Holds a record of a monitor that a resource has started, or somebody by hand. */
  hold(record: Partial<MonitorRecord> | string, startedBy: string | null = 'mon'): void {
    const { ended: _, pausedSince: __, ...running } = sampleRecord()
    rmSync(this.started, { force: true })
    if (startedBy !== null && typeof record !== 'string' && record.command === undefined) {
      const { pid, startTicks, bootId } = record.process ?? running.process
      writeFileSync(this.started, `${pid} ${startTicks} ${bootId} ${startedBy}\n`)
    }
    rmSync(this.file, { recursive: true, force: true })
    writeFileSync(
      this.file,
      typeof record === 'string'
        ? record
        : encodeRecord({ ...running, id: 'sambawatch', uptimeMs: uptime() * 1000, ...record }),
    )
  }

  get started(): string {
    return join(this.#root, 'kept/clp-fsmon-sambawatch.started')
  }

  ask(
    action: string,
    env: Record<string, string | undefined> = {},
    shell: readonly string[] = [],
  ): Run {
    const [interpreter = agent, ...words] = shell
    const rest = shell.length === 0 ? [action] : [...words, agent, action]
    return this.#run(interpreter, rest, {
      OCF_RESKEY_share: 'pub',
      OCF_RESKEY_id: 'sambawatch',
      OCF_RESOURCE_INSTANCE: 'mon',
      OCF_RESKEY_CRM_meta_interval: '10000',
      HA_RSCTMP: join(this.#root, 'kept'),
      ...env,
    })
  }

  keepalived(): Run {
    return this.#run(join(templates, 'keepalived/check.sh'), [], {})
  }

  #run(file: string, args: string[], env: Record<string, string | undefined>): Run {
    const { status, stderr } = spawnSync(file, args, {
      env: { PATH: `${join(this.#root, 'bin')}:/usr/bin:/bin`, CLP_FSMON_ROOT: this.#root, ...env },
      encoding: 'utf8',
    })
    return { status, reason: stderr.trim().replace(/^ocf-exit-reason:/, '') }
  }
}

const lives = sampleRecord().process
const longAgo = { uptimeMs: uptime() * 1000 - 551_000, worstCaseMs: 540_000 }
const lateButAllowed = { uptimeMs: uptime() * 1000 - 500_000, worstCaseMs: 540_000 }
const abnormal = { at: '', how: 'abnormal', exitStatus: 1 }
const stopped = { at: '', how: 'stopped', exitStatus: 0 }
/** All that could be mistaken for more than a text. */
const tricky =
  '","state":"paused","state":"abnormal","pid":1,"how":"abnormal","ended":{},"succeeded":true,"uptimeMs":1,"tally":|\\'

for (const [what, record, agentSays, probed, keepalived] of [
  ['a server that is well', {}, 0, 0, 0],
  ['one that fails, but not yet for long', { state: 'failing', failures: 3 }, 0, 0, 0],
  ['a monitor that is late as far as is allowed', lateButAllowed, 0, 0, 0],
  ['one that stands still for too long', longAgo, 1, 1, 1],
  ['one that is paused, for however long', { ...longAgo, state: 'paused' }, 0, 0, 0],
  ['a pause whose process is gone', { state: 'paused', process: nobody }, 7, 7, 1],
  ['a verdict', { ended: abnormal }, 1, 7, 1],
  ['a verdict after which its process goes on', { state: 'abnormal' }, 1, 1, 1],
  ['a stop in good order', { ended: stopped }, 7, 7, 0],
  ['a stop long ago', { ...longAgo, ended: stopped }, 7, 7, 1],
  ['an end because it could not judge', { ended: { ...abnormal, how: 'own-trouble' } }, 1, 7, 0],
  ['a monitor that is gone without a word', { process: { ...lives, startTicks: '1' } }, 7, 7, 0],
  ['one of before the machine started', { process: { ...lives, bootId: 'x' } }, 7, 7, 1],
  ['one that has had no success yet', { state: 'starting', succeeded: false }, 0, 0, 1],
  ['words that look like fields', { target: tricky, options: { share: tricky } }, 0, 0, 0],
  [
    'such words in the reason',
    { lastCheck: { ...sampleRecord().lastCheck, reason: tricky } },
    0,
    0,
    0,
  ],
  ['a monitor that has counted for years', { tally: fullTally() }, 0, 0, 0],
  ['its verdict', { tally: fullTally(), ended: abnormal }, 1, 7, 1],
  ['the record of the other command', { command: 'clp_nfsmon' }, 7, 7, 0],
  ['a record cut short', '{"version":1,"id":"sambawatch","command":"clp_sambamon","targ', 1, 7, 1],
  ['an empty one', '', 1, 7, 1],
] as [string, Partial<MonitorRecord> | string, number, number, number][]) {
  t.test(`${what}: agent ${agentSays}, probe ${probed}, keepalived ${keepalived}`, async (t) => {
    const place = new Place(t)
    place.hold(record)
    const { status, reason } = place.ask('monitor')
    t.equal(status, agentSays, reason)
    t.equal(
      reason !== '',
      agentSays === 1 || /without a word/.test(reason),
      'a failure has a reason',
    )
    const pause = { OCF_RESKEY_pause_limit: '10000' }
    t.equal(
      place.ask('monitor', { OCF_RESKEY_CRM_meta_interval: undefined, ...pause }).status,
      probed,
    )
    t.equal(place.keepalived().status, keepalived)
  })
}

t.test('without a record there is nothing that runs', async (t) => {
  const place = new Place(t)
  t.equal(place.ask('monitor').status, 7)
  t.equal(place.ask('stop').status, 0)
  t.equal(place.keepalived().status, 1)
  mkdirSync(place.file)
  t.match(place.ask('monitor'), { status: 1, reason: /cannot be read/ })
  t.equal(place.keepalived().status, 1)
})

t.test('a verdict is told until it was stopped for', async (t) => {
  const place = new Place(t)
  place.hold({
    ended: abnormal,
    lastCheck: { ...sampleRecord().lastCheck, reason: 'no "answer"' },
  } as Partial<MonitorRecord>)
  t.match(place.ask('monitor'), { status: 1, reason: 'the server was judged abnormal: no' })
  t.equal(place.ask('monitor').status, 1)
  t.equal(place.ask('stop').status, 0)
  t.equal(place.ask('stop').status, 0)
  t.equal(place.ask('monitor').status, 7)
})

t.test('the monitor of another resource under the same identifier is not ours', async (t) => {
  const place = new Place(t)
  place.hold({}, 'other')
  t.match(place.ask('monitor'), { status: 7 })
  t.equal(place.ask('monitor', { OCF_RESKEY_CRM_meta_interval: undefined }).status, 7)
  t.match(place.ask('start'), { status: 6, reason: /^resource other has a monitor sambawatch alr/ })
  t.equal(place.ask('stop').status, 0)
  t.ok(existsSync(place.started), 'and is left alone')
  t.equal(place.ask('monitor', { OCF_RESOURCE_INSTANCE: 'other:3' }).status, 0, 'nor is it harmed')
  place.hold({ process: nobody }, 'other')
  t.equal(place.ask('monitor').status, 7)
  t.match(place.ask('start'), { status: 1, reason: /has ended with status 9/ }, 'unless it is gone')
})

t.test('a monitor that was started by hand is not ours, and makes room for ours', async (t) => {
  const place = new Place(t)
  const sleeper = spawn('sleep', ['60'])
  t.teardown(() => sleeper.kill('SIGKILL'))
  const ended = once(sleeper, 'exit')
  const process = identityOf(sleeper.pid ?? 0) ?? nobody
  for (const share of ['pub', 'another']) {
    place.hold({ process, options: { share } }, null)
    t.match(place.ask('monitor'), { status: 7, reason: /not been started by this resource/ })
    t.match(place.ask('monitor', { OCF_RESKEY_CRM_meta_interval: undefined }), {
      status: 7,
      reason: '',
    })
  }
  t.match(place.ask('start'), { status: 1, reason: /has ended with status 9/ })
  t.strictSame(await ended, [null, 'SIGTERM'])
})

t.test('every shell reads a record alike, whatever the language', async (t) => {
  const place = new Place(t)
  const inJapanese = { LANG: 'ja_JP.UTF-8' }
  place.hold({ target: '共有 "公開" @ 192.0.2.10', ended: abnormal })
  for (const shell of [['dash'], ['bash', '--posix'], ['busybox', 'sh']]) {
    for (const env of [inJapanese, { LC_ALL: 'C' }, { LC_ALL: 'C.UTF-8' }]) {
      const said = place.ask('monitor', env, shell)
      t.match(
        said,
        { status: 1, reason: /^the server was judged abnormal: no answer$/ },
        shell.join(' '),
      )
    }
  }
})

t.test('a server that is slow, or not watched for long, is degraded', async (t) => {
  const place = new Place(t)
  place.hold({ options: { ms: 1 } })
  t.equal(place.ask('monitor', { OCF_RESKEY_slow_ms: '2' }).status, 0)
  t.match(place.ask('monitor', { OCF_RESKEY_slow_ms: '1' }), { status: 190, reason: /took 2 ms/ })
  place.hold({ ...longAgo, state: 'paused' })
  t.match(place.ask('monitor', { OCF_RESKEY_pause_limit: '550' }), {
    status: 190,
    reason: /paused for \d{3} s; to go on: clp_sambamon sambawatch -continue/,
  })
})

t.test('parameters that cannot be used are refused by the book', async (t) => {
  const place = new Place(t)
  t.equal(place.ask('validate-all').status, 0)
  for (const [unique, most] of [
    ['false', '2'],
    ['true', '1'],
  ] as const) {
    const clone = {
      OCF_RESKEY_CRM_meta_globally_unique: unique,
      OCF_RESKEY_CRM_meta_clone_node_max: most,
    }
    t.equal(place.ask('validate-all', clone).status, 0)
  }
  for (const [env, status, reason] of [
    [
      { OCF_RESKEY_CRM_meta_globally_unique: 'true', OCF_RESKEY_CRM_meta_clone_node_max: '2' },
      6,
      /globally-unique/,
    ],
    [{ OCF_RESKEY_kind: 'ftp' }, 6, /kind is samba, nfs or run, not 'ftp'/],
    [{ OCF_RESKEY_share: '' }, 6, /share is missing/],
    [{ OCF_RESKEY_kind: 'nfs', OCF_RESKEY_directory: 'x' }, 6, /full path/],
    [{ OCF_RESKEY_id: 'a-b' }, 6, /letters and digits only/],
    [{ OCF_RESKEY_id: 'a'.repeat(49) }, 6, /48/],
    [{ OCF_RESKEY_interval: '0' }, 6, /interval is a number from 1 to 10000, not '0'/],
    [{ OCF_RESKEY_retries: '1x' }, 6, /retries/],
    [{ OCF_RESKEY_wait: '99999999999999999999' }, 6, /wait/],
    [{ OCF_RESKEY_port: '65536' }, 6, /port/],
    [{ OCF_RESKEY_depth: 'deep' }, 6, /depth is one of: service share read write/],
    [{ OCF_RESKEY_credentials: '/nonexistent' }, 2, /credentials file/],
    [{ PATH: '/nonexistent' }, 5, /clp_sambamon is not installed/],
  ] as [Record<string, string>, number, RegExp][]) {
    t.match(place.ask('validate-all', env), { status, reason })
  }
  t.equal(
    place.ask('monitor', { OCF_RESKEY_CRM_meta_interval: undefined, PATH: '/nonexistent' }).status,
    5,
  )
  t.equal(place.ask('migrate_to').status, 3)
  t.equal(place.ask('').status, 3)
})

t.test('parameters that cannot be used give nothing to find, and nothing to stop', async (t) => {
  const place = new Place(t)
  for (const env of [
    { OCF_RESKEY_kind: 'ftp' },
    { OCF_RESKEY_id: 'a-b' },
    { OCF_RESKEY_id: '../x' },
    { OCF_RESKEY_id: 'a'.repeat(49) },
    { OCF_RESKEY_id: '', OCF_RESOURCE_INSTANCE: '-' },
  ]) {
    const probe = { ...env, OCF_RESKEY_CRM_meta_interval: undefined }
    t.match(place.ask('monitor', probe), { status: 7, reason: '' })
    t.match(place.ask('stop', env), { status: 0, reason: '' })
    t.match(place.ask('start', env), { status: 6, reason: /^parameter (kind|id) / })
    t.match(place.ask('monitor', env), { status: 6, reason: /^parameter (kind|id) / })
  }
})

t.test('a monitor that ends at once is explained', async (t) => {
  const place = new Place(t)
  for (const [status, reason, endsWith] of [
    [1, /monitor sambawatch has ended with status 9/, '9'],
    [1, /monitor sambawatch has ended with status 5/, '5'],
    [6, /parameters are invalid/, '2'],
    [6, /license is missing/, '4'],
    [5, /cannot be run/, '126'],
  ] as const) {
    t.match(place.ask('start', { ENDS_WITH: endsWith }), { status, reason })
  }
})

t.test('the words for crm and for pcs hold what was given, whatever it is', async (t) => {
  const directory = t.testdir({ 'resource.sh': '' })
  const script = readFileSync(join(templates, 'pacemaker/resource.sh'), 'utf8')
  const file = join(directory, 'resource.sh')
  const odd = [
    "it's",
    'a b',
    'q"q',
    'data$',
    '$HOME',
    String.raw`back\slash`,
    '`id`',
    'x;y',
    '共有',
  ]
  for (const share of odd) {
    writeFileSync(file, fillInSettings(script, { SHARE: share, ADDRESS: '192.0.2.10' }))
    const said = (...words: string[]) =>
      spawnSync('sh', [file, ...words], { encoding: 'utf8' }).stdout
    const pcs = `pcs() { printf '[%s]' "$@"; }\n${said('--pcs', 'files')}`
    const { stdout } = spawnSync('sh', ['-c', pcs], { encoding: 'utf8' })
    t.match(stdout, `[kind=samba][share=${share}][address=192.0.2.10][op][start]`)
    t.match(stdout, '[--group][files]')
    t.match(said('--crm', 'files'), /\nmodgroup files add fsmon\n$/)
    t.notMatch(said(), 'modgroup')
    // crm takes \\ and \" within double quotes, and nothing else for more than itself.
    const [, quoted = ''] = / share="((?:[^"\\]|\\.)*)" address=/.exec(said()) ?? []
    t.equal(quoted.replaceAll(/\\(["\\])/g, '$1'), share, said())
  }
})
