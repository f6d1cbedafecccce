import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'

const root = join(import.meta.dirname, '..')
const committed = join(root, 'bench/last-run.json')

function bench(file: string, ...argv: string[]) {
  const words = ['-u', 'NODE_OPTIONS', process.execPath, join(root, 'bench', file), ...argv]
  return spawnSync('/usr/bin/env', words, { encoding: 'utf8', timeout: 60_000 })
}

const nothing = {
  version: 1,
  quick: false,
  machine: { at: '', cpus: 2, model: 'x', kernel: '6', node: '20', load: [0, 0] },
  versions: {},
  missing: [],
  failures: [],
  series: {},
}

function show(t: Test, run: object) {
  const file = join(t.testdir(), 'run.json')
  writeFileSync(file, JSON.stringify({ ...nothing, ...run }))
  return bench('main.mjs', '--from', file)
}

const round = (cpuMs: number, wallMs: number[], more: object = {}) => ({
  wallMs,
  cpuMs,
  peakKb: 1024,
  connections: 1,
  failed: 0,
  ...more,
})

t.test('the page on performance has the figures of the run that is kept', async (t) => {
  const { status, stderr } = bench('page.mjs', '--check')
  t.equal(stderr, '')
  t.equal(status, 0)
})

t.test('nothing in the environment makes Node itself dearer while it is measured', async (t) => {
  const file: string = new URL('../bench/bare-environment.mjs', import.meta.url).href
  // The benchmark has no types.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  const { bareEnvironment } = (await import(file)) as {
    bareEnvironment: (env: Readonly<Record<string, string>>) => Record<string, string>
  }
  const kept = { PATH: '/bin', LANG: 'C', HOME: '/root', CLP_FSMON_LAB: 'x', MY_NODE_ENV: 'x' }
  const dropped = {
    NODE_OPTIONS: '--max-semi-space-size=1',
    NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt',
    NODE_V8_COVERAGE: '/tmp/x',
    UV_THREADPOOL_SIZE: '1',
    MALLOC_ARENA_MAX: '1',
    OPENSSL_CONF: '/dev/null',
  }
  t.strictSame(bareEnvironment({ ...dropped, ...kept }), kept)
})

t.test(
  'the run that is kept is a whole one, small, and says what its own samples say',
  async (t) => {
    const text = readFileSync(committed, 'utf8')
    t.ok(text.length < 1_000_000)
    t.match(JSON.parse(text), { quick: false, failures: [] })
    const file = join(t.testdir(), 'again.json')
    const { status, stdout } = bench('main.mjs', '--from', committed, '--json', file)
    t.notMatch(stdout, /not measured/)
    t.equal(readFileSync(file, 'utf8'), text, 'its verdicts are computed anew')
    const { aims } = JSON.parse(text) as { aims: { id: string; met: boolean }[] }
    const short = aims.filter(({ met }) => !met).map(({ id }) => id)
    t.equal(status, short.length === 0 ? 0 : 1)
    if (short.length > 0) t.match(stdout, `short of their aim: ${short.join(', ')}\n`)
  },
)

t.test('what is not measured falls short of nothing', async (t) => {
  const { status, stdout } = show(t, {})
  t.equal(status, 0)
  t.match(stdout, /Samba check, CPU: of smbclient's +not measured/)
  t.match(stdout, /every aim that was measured is met\n$/)
})

t.test('a figure is held to its aim, and one that falls short is named', async (t) => {
  t.match(show(t, { installedBytes: 1_000_000 }), {
    status: 0,
    stdout: /installed size, MB +1\.00 /,
  })
  t.match(show(t, { installedBytes: 1_000_001 }), {
    status: 1,
    stdout: /short of their aim: installed\n$/,
  })
})

t.test('a ratio is of the same round, whatever the rounds were like', async (t) => {
  const slow = [1, 10, 100]
  const series = (ofSmbclient: number) => ({
    'samba/ours, in process': {
      kind: 'loop',
      rounds: slow.map((times) => round(times * ofSmbclient, [times])),
    },
    'samba/smbclient -c exit': {
      kind: 'process',
      rounds: slow.map((times) => round(times, [times])),
    },
  })
  t.match(show(t, { series: series(0.06) }), { status: 0, stdout: /smbclient's +0\.90 +0\.06 / })
  t.match(show(t, { series: series(0.1) }), {
    status: 1,
    stdout: /smbclient's +1\.50 +0\.1 [^]*short of their aim: samba-cpu-smbclient\n$/,
  })
})

t.test('nobody is compared with a contestant that fails', async (t) => {
  const failed = { failed: 1, reason: 'LOGON_FAILURE' }
  const { status, stdout } = show(t, {
    series: {
      'samba/ours, in process': { kind: 'loop', rounds: [round(9, [9])] },
      'samba/smbclient -c exit': { kind: 'process', rounds: [round(1, [1], failed)] },
      'samba/gone': { kind: 'loop', rounds: [], gone: 'its process ended' },
    },
  })
  t.equal(status, 0)
  t.match(stdout, /CPU: of smbclient's +not measured/)
  t.match(stdout, /smbclient -c exit +fails: LOGON_FAILURE\n/)
  t.match(stdout, /gone +fails: its process ended\n/)
})

t.test('a part that could not be measured is no success', async (t) => {
  t.match(show(t, { failures: ['delay: it broke'] }), {
    status: 3,
    stdout: 'could not be measured: delay: it broke\n',
  })
  t.match(bench('main.mjs', '--from', '/nonexistent'), { status: 3, stderr: /ENOENT/ })
})

t.test('wrong usage is told, help is given', async (t) => {
  for (const argv of [['--nonsense'], ['--only', 'samba,nonsense'], ['--json'], ['extra']]) {
    const { status, stdout, stderr } = bench('main.mjs', ...argv)
    t.equal(status, 2, argv.join(' '))
    t.equal(stdout, '')
    t.match(stderr, /^bench: .*--help\n$/)
  }
  const { status, stdout, stderr } = bench('main.mjs', '--help')
  t.equal(status, 0)
  t.match(stdout, /--quick[^]*exit status/)
  t.equal(stderr, '')
})
