import t from 'tap'
import { runCommand } from '../helpers/command.ts'

const invalid = 'Invalid parameter in the'
const noId = 'The monitor id is not specified at the'

type Row = { argv: string[]; alert: string; explained: RegExp }

const samba: Row[] = [
  { argv: [], alert: `${noId} clp_sambamon command.`, explained: /first word/ },
  { argv: ['-s', 'x'], alert: noId, explained: /No monitor ID/ },
  { argv: ['-s', 'x', 'a'], alert: noId, explained: /must be the first word.*'-s'/ },
  {
    argv: ['a'],
    alert: "'-s' parameter is not specified at the clp_sambamon command.",
    explained: /-s/,
  },
  { argv: ['a', '-s'], alert: `${invalid} clp_sambamon.`, explained: /-s needs a value/ },
  { argv: ['a', '-s', ''], alert: invalid, explained: /-s was given an empty value/ },
  { argv: ['a', '-s', 'x', '-s', 'y'], alert: invalid, explained: /-s was given twice/ },
  {
    argv: ['a', '-s', 'x'.repeat(256)],
    alert: invalid,
    explained: /-s has 256 bytes; allowed are 1\.\.255/,
  },
  { argv: ['a', '-s', '共'.repeat(86)], alert: invalid, explained: /-s has 258 bytes/ },
  { argv: ['a', '-s', 'x', '-i', '0'], alert: invalid, explained: /0 of option -i .* 1\.\.10000/ },
  {
    argv: ['a', '-s', 'x', '-c', '10001'],
    alert: invalid,
    explained: /10001 of option -c .* 1\.\.10000/,
  },
  {
    argv: ['a', '-s', 'x', '-r', 'soon'],
    alert: invalid,
    explained: /-r takes a whole number, not 'soon'/,
  },
  {
    argv: ['a', '-s', 'x', '--depth', 'deep'],
    alert: invalid,
    explained: /service, share, read, write/,
  },
  { argv: ['a', '-s', 'x', '--port', '65536'], alert: invalid, explained: /1\.\.65535/ },
  { argv: ['a', '-s', 'x', '-stpo'], alert: invalid, explained: /no option '-stpo'.*--help/ },
  { argv: ['a', '-s', 'x', '-pSecret'], alert: invalid, explained: /no option '-p\*\*\*'/ },
  { argv: ['a', '-stop', '0'], alert: invalid, explained: /-stop .* 1\.\.10000/ },
  {
    argv: ['a', '-stop', '-pause'],
    alert: invalid,
    explained: /-stop cannot be used together with -pause/,
  },
  { argv: ['a/b', '-s', 'x'], alert: invalid, explained: /'a\/b' cannot be used.*1 to 255/ },
  { argv: ['..', '-s', 'x'], alert: invalid, explained: /'\.\.' cannot be used/ },
  { argv: ['a'.repeat(256), '-s', 'x'], alert: invalid, explained: /1 to 255/ },
  {
    argv: ['a', '-s', 'x', '--credentials', '/nonexistent'],
    alert: invalid,
    explained: /cannot be read \(ENOENT\)/,
  },
]

const nfs: Row[] = [
  { argv: [], alert: `${noId} clp_nfsmon command.`, explained: /first word/ },
  {
    argv: ['a'],
    alert: "'-d' parameter is not specified at the clp_nfsmon command.",
    explained: /-d/,
  },
  {
    argv: ['a', '-d', 'x', '-d', 'y'],
    alert: `${invalid} clp_nfsmon.`,
    explained: /-d was given twice/,
  },
  { argv: ['a', '-d', 'x'], alert: invalid, explained: /'x' of option -d must be a full path/ },
  { argv: ['a', '-d', '/x', '-n0'], alert: invalid, explained: /0 of option -n .* 1\.\.65535/ },
  { argv: ['a', '-d', '/x', '--nfs-version', '2'], alert: invalid, explained: /auto, 3, 4, 4\.0/ },
  { argv: ['a', '-d', '/x', '-s', 'y'], alert: invalid, explained: /no option '-s'/ },
]

for (const [command, rows] of [
  ['clp_sambamon', samba],
  ['clp_nfsmon', nfs],
] as const) {
  t.test(`${command} refuses what it cannot use, by alert and in words`, async (t) => {
    const env = { CLP_FSMON_ROOT: t.testdir() }
    for (const { argv, alert, explained } of rows) {
      const shown = argv.map((word) => word.slice(0, 20)).join(' ')
      const { status, out, err } = await runCommand(t, command, argv, { env })
      t.equal(status, 2, `${shown}: exit status`)
      t.ok(err.includes(alert), `${shown}: ${alert}`, { err })
      t.match(err, explained, `${shown}: explanation`)
      t.notMatch(err, 'Secret')
      t.equal(out, '')
    }
  })
}

t.test('what is wrong is explained in Japanese where that is the language', async (t) => {
  const env = { CLP_FSMON_ROOT: t.testdir(), LANG: 'ja_JP.UTF-8' }
  const { status, err } = await runCommand(t, 'clp_sambamon', ['a', '-s', 'x', '-i', '0'], { env })
  t.equal(status, 2)
  t.match(err, 'Invalid parameter in the clp_sambamon.', 'alert texts stay as they are')
  t.match(err, '範囲外')
})

t.test('without root it says so, unless all state lies elsewhere', async (t) => {
  if (process.getuid?.() === 0) {
    t.pass('here is root: see the lab')
    return
  }
  const { status, err } = await runCommand(t, 'clp_sambamon', ['a', '-s', 'x'])
  t.equal(status, 4)
  t.match(err, 'root')
})
