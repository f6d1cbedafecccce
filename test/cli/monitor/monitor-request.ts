import t from 'tap'
import { loadTexts } from '../../../src/cli/texts.ts'
import { careOf } from '../../../src/cli/monitor/care-settings.ts'
import { monitorRequest } from '../../../src/cli/monitor/monitor-request.ts'

const samba = (...argv: string[]) => monitorRequest('clp_sambamon', argv)
const nfs = (...argv: string[]) => monitorRequest('clp_nfsmon', argv)

t.test("the manual's shortest lines watch with the manual's defaults", async (t) => {
  t.strictSame(samba('sambawatch', '-s', 'pub'), {
    language: undefined,
    json: false,
    want: 'watch',
    id: 'sambawatch',
    settings: {
      command: 'clp_sambamon',
      timing: { intervalS: 30, retries: 5, waitS: 60, retryIntervalS: 30, startWaitS: 0 },
      depth: 'share',
      path: undefined,
      care: careOf({}),
      diagnose: false,
      share: 'pub',
      address: '127.0.0.1',
      port: 445,
      user: undefined,
      password: undefined,
      domain: undefined,
      credentialsFile: undefined,
      encrypt: false,
    },
  })
  t.match(nfs('nfswatch', '-d', '/export'), {
    want: 'watch',
    settings: {
      directory: '/export',
      address: undefined,
      nfsPort: undefined,
      nfsVersion: 'auto',
      transport: 'tcp',
    },
  })
})

t.test('every option ends up where it belongs', async (t) => {
  const request = samba(
    ...'a -s -stop -a fs1 -u u -p -x -i 1 -c 2 -r 3 --retry-interval 4 --start-wait 5'.split(' '),
    ...'--domain d --encrypt --port 139 --depth read --path a/b --diagnose on --lang ja'.split(' '),
  )
  t.match(request, {
    language: 'ja',
    settings: {
      timing: { intervalS: 1, retries: 2, waitS: 3, retryIntervalS: 4, startWaitS: 5 },
      share: '-stop',
      address: 'fs1',
      user: 'u',
      password: '-x',
      domain: 'd',
      encrypt: true,
      port: 139,
      depth: 'read',
      path: 'a/b',
      diagnose: true,
    },
  })
  t.match(
    nfs(...'a -d /e -n2049 --mount-port 20048 --nfs-version 4.1 --transport udp'.split(' ')),
    { settings: { nfsPort: 2049, mountPort: 20048, nfsVersion: '4.1', transport: 'udp' } },
  )
  t.match(samba('a', '-s', 'x', '--credentials', '/f'), { settings: { credentialsFile: '/f' } })
})

t.test('a delay is warned of from a percentage on, or never', async (t) => {
  const care = (...argv: string[]) => samba('a', '-s', 'x', ...argv)
  t.match(care('--warn-at', '50'), { settings: { care: { warnAtPercent: 50 } } })
  t.match(care('--warn-at', 'off'), { settings: { care: { warnAtPercent: 0 } } })
  t.match(care('--warn-at=0'), { settings: { care: { warnAtPercent: 0 } } })
  for (const value of ['101', '-1', 'on', '']) {
    t.throws(() => care('--warn-at', value), { name: 'ParameterError' }, value)
  }
})

t.test('a pause may have an end, and the pauses of a monitor their limits', async (t) => {
  t.match(samba('a', '-pause', '600'), { want: 'control', control: 'pause', pauseSeconds: 600 })
  t.notOk('pauseSeconds' in samba('a', '-pause'))
  for (const value of ['0', '604801', '1.5', 'soon']) {
    t.throws(() => samba('a', '-pause', value), { name: 'ParameterError' }, value)
  }
  t.throws(() => samba('a', '-continue', '5'), { name: 'ParameterError' })
  t.match(samba('a', '-s', 'x', '--longest-pause', '900', '--pause-extensions', '0'), {
    settings: { care: { longestPauseS: 900, pauseExtensions: 0 } },
  })
})

t.test('what a refused login means can be said for Samba alone', async (t) => {
  t.match(samba('a', '-s', 'x', '--on-identity', 'warn'), {
    settings: { care: { onIdentity: 'warn' } },
  })
  t.throws(() => nfs('a', '-d', '/x', '--on-identity', 'warn'), {
    name: 'ParameterError',
    problem: 'unknown-option',
  })
})

t.test('limits are amounts above nothing, and shares of less than all', async (t) => {
  t.match(samba('a', '-s', 'x', '--space-limit', '5%', '--memory-limit', '1.5G', '--trend'), {
    settings: {
      care: { trend: { response: true, space: { percent: 5 }, memory: { bytes: 1_610_612_736 } } },
    },
  })
  for (const value of ['0', '0%', '100%', '-1', '5 %', '1g', '1e9', 'x', '9'.repeat(16)]) {
    t.throws(() => samba('a', '-s', 'x', '--space-limit', value), {
      name: 'ParameterError',
      problem: 'not-an-amount',
    })
  }
  for (const [option, value] of [
    ['--trend-samples', '9'],
    ['--trend-ahead', '0'],
    ['--pressure-limit', '101'],
  ] as const) {
    t.throws(() => samba('a', '-s', 'x', option, value), { name: 'ParameterError' }, option)
  }
})

t.test('the retry interval is the interval unless something else is said', async (t) => {
  t.match(samba('a', '-s', 'x', '-i', '7'), { settings: { timing: { retryIntervalS: 7 } } })
})

t.test('a drill is a control, with its time', async (t) => {
  t.match(samba('a', '--drill', 'fault'), { control: 'drill', drill: { what: 'fault' } })
  t.match(samba('a', '--drill=slow', '--drill-seconds', '9'), {
    want: 'control',
    id: 'a',
    control: 'drill',
    drill: { what: 'slow', seconds: 9 },
  })
  t.match(samba('a', '--drill', 'end'), { drill: { what: 'end', seconds: undefined } })
})

t.test('controls are told with their waiting time and their options', async (t) => {
  t.match(samba('a', '-stop'), { want: 'control', id: 'a', control: 'stop', stopSeconds: 60 })
  t.match(samba('a', '-stop', '5', '--force'), { stopSeconds: 5, force: true })
  t.match(samba('a', '-disp', '--json'), { control: 'disp', json: true })
  for (const control of ['pause', 'continue', 'del']) {
    t.match(nfs('a', `-${control}`), { want: 'control', control })
  }
})

t.test('a single check needs no ID, and takes none amiss', async (t) => {
  t.match(samba('--check', '-s', 'x', '--json'), { want: 'check', json: true })
  t.match(samba('--check', '-s', 'x', '--nagios', '--warning', '0.5'), {
    nagios: { warningS: 0.5, criticalS: undefined },
  })
  t.match(nfs('a', '-d', '/x', '--check'), { want: 'check', settings: { directory: '/x' } })
})

t.test('help and version are found wherever they stand', async (t) => {
  t.match(samba('--help'), { want: 'help', language: undefined })
  t.match(samba('--lang', 'ja', '--help'), { want: 'help', language: 'ja' })
  t.match(samba('--help', '--lang', 'en'), { want: 'help', language: 'en' })
  t.match(nfs('-V'), { want: 'version' })
})

const refused: [string, () => unknown, object][] = [
  ['no words at all', () => samba(), { alertId: 13, problem: 'missing-id' }],
  [
    'no ID before the options',
    () => samba('-s', 'x', 'a'),
    { alertId: 13, problem: 'id-not-first' },
  ],
  ['no ID but options', () => samba('-s', 'x'), { alertId: 13, problem: 'missing-id' }],
  ['no share', () => samba('a'), { alertId: 12, problem: 'missing-target' }],
  ['no directory', () => nfs('a', '-i', '5'), { alertId: 12, problem: 'missing-target' }],
  ['an ID with a slash', () => samba('a/b', '-s', 'x'), { alertId: 11, problem: 'bad-id' }],
  ['an ID of dots', () => samba('..', '-s', 'x'), { alertId: 11, problem: 'bad-id' }],
  ['an ID of 256 letters', () => samba('a'.repeat(256), '-s', 'x'), { problem: 'bad-id' }],
  ['an ID that is no ASCII', () => samba('監視', '-s', 'x'), { problem: 'bad-id' }],
  ['an empty ID', () => samba('', '-s', 'x'), { problem: 'bad-id' }],
  ['a drill without a kind', () => samba('a', '--drill'), { problem: 'missing-value' }],
  ['another kind of drill', () => samba('a', '--drill', 'x'), { problem: 'not-a-choice' }],
  [
    'a drill and a control',
    () => samba('a', '--drill', 'fault', '-stop'),
    { problem: 'not-together' },
  ],
  [
    'a drill and a share',
    () => samba('a', '--drill', 'fault', '-s', 'x'),
    { problem: 'not-together' },
  ],
  [
    'seconds of no drill',
    () => samba('a', '-s', 'x', '--drill-seconds', '5'),
    { problem: 'needs-with' },
  ],
  [
    'seconds of the end of a drill',
    () => samba('a', '--drill', 'end', '--drill-seconds', '5'),
    { problem: 'not-together' },
  ],
  ['two controls', () => samba('a', '-stop', '-pause'), { problem: 'not-together' }],
  ['a control with a share', () => samba('a', '-stop', '-s', 'x'), { problem: 'not-together' }],
  ['json with a pause', () => samba('a', '-pause', '--json'), { problem: 'not-together' }],
  ['force with a pause', () => samba('a', '-pause', '--force'), { problem: 'not-together' }],
  ['force without a control', () => samba('a', '-s', 'x', '--force'), { problem: 'not-together' }],
  ['json without a check', () => samba('a', '-s', 'x', '--json'), { problem: 'not-together' }],
  ['nagios without a check', () => samba('a', '-s', 'x', '--nagios'), { problem: 'not-together' }],
  [
    'nagios and json',
    () => samba('--check', '-s', 'x', '--nagios', '--json'),
    { problem: 'not-together' },
  ],
  [
    'a threshold without nagios',
    () => samba('--check', '-s', 'x', '--warning', '1'),
    { problem: 'needs-with' },
  ],
  [
    'a warning above what is critical',
    () => nfs('--check', '-d', '/x', '--nagios', '--warning', '2', '--critical', '1.5'),
    { problem: 'above-other' },
  ],
  ['force with a check', () => samba('--check', '-s', 'x', '--force'), { problem: 'not-together' }],
  ['a path at depth share', () => samba('a', '-s', 'x', '--path', 'f'), { problem: 'needs-with' }],
  ['a password alone', () => samba('a', '-s', 'x', '-p', 'y'), { problem: 'needs-with' }],
  [
    'a user twice over',
    () => samba('a', '-s', 'x', '-u', 'y', '--credentials', 'f'),
    { problem: 'not-together' },
  ],
  ['a directory without a slash', () => nfs('a', '-d', 'export'), { problem: 'not-absolute' }],
  ['an option of the other command', () => nfs('a', '-s', 'x'), { problem: 'unknown-option' }],
]

for (const [name, act, expected] of refused) {
  t.test(`${name} is refused`, async (t) => {
    t.throws(act, { name: 'ParameterError', ...expected })
  })
}

t.test('the longest ID is taken', async (t) => {
  t.match(samba('a'.repeat(255), '-disp'), { id: 'a'.repeat(255) })
})

t.test('the examples in the help are taken', async (t) => {
  for (const language of ['en', 'ja'] as const) {
    const { help } = await loadTexts(language)
    for (const command of ['clp_sambamon', 'clp_nfsmon'] as const) {
      for (const example of help[command].examples) {
        const [name, ...argv] = example.split(' ')
        t.equal(name, command)
        t.doesNotThrow(() => monitorRequest(command, argv), example)
      }
    }
  }
})
