import t, { type Test } from 'tap'
import { fsmonMain } from '../../../src/cli/fsmon/fsmon-main.ts'
import { fakeIo } from '../../helpers/fake-io.ts'

async function run(t: Test, ...argv: string[]) {
  const io = fakeIo({ CLP_FSMON_ROOT: t.testdir() })
  const status = await fsmonMain(['inventory', ...argv], io)
  return { status, out: io.printed(), err: io.complained() }
}

t.test('inventory tells its options and how it ends', async (t) => {
  const { status, out } = await run(t, '--help')
  t.equal(status, 0)
  for (const word of ['-a, --address', '--smb', '--nfs', '--toml', '--watch', 'Exit status']) {
    t.match(out, word)
  }
})

t.test('wrong use is refused with a reason', async (t) => {
  const cases: [string[], RegExp][] = [
    [[], /No watch on this host/],
    [['-i', '5'], /--watch/],
    [['--watch', '--json'], /--json/],
    [['--json', '--toml'], /--toml/],
    [['-a', ''], /-a/],
    [['-a', 'x', '-r', '0'], /1\.\.10000/],
    [['-a', 'x', '--nfs-version', '2'], /auto, 3, 4/],
    [['-a', 'x', '--credentials', '/nonexistent'], /ENOENT/],
    [['-a', 'x', '-p', 'secret'], /-u/],
    [['--nonsense'], /nonsense/],
  ]
  for (const [argv, reason] of cases) {
    const { status, err, out } = await run(t, ...argv)
    t.equal(status, 2, argv.join(' '))
    t.match(err, reason)
    t.equal(out, '')
    t.notMatch(err, /secret/)
  }
})
