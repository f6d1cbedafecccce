import t, { type Test } from 'tap'
import { fsmonMain } from '../../../src/cli/fsmon/fsmon-main.ts'
import { fakeIo } from '../../helpers/fake-io.ts'

async function run(t: Test, ...argv: string[]) {
  const io = fakeIo({ CLP_FSMON_ROOT: t.testdir() })
  const status = await fsmonMain(['guard', ...argv], io)
  return { status, out: io.printed(), err: io.complained() }
}

t.test('guard tells its options and how it ends', async (t) => {
  const { status, out } = await run(t, '--help')
  t.equal(status, 0)
  for (const word of ['--watch', '-i, --interval', '--json', 'Exit status', '130', '131']) {
    t.match(out, word)
  }
})

t.test('wrong use is refused with a reason', async (t) => {
  const cases: [string[], RegExp][] = [
    [['-i', '5'], /--watch/],
    [['--watch', '--json'], /--json/],
    [['--watch', '-i', '0'], /1\.\.86400/],
    [['--watch', '-i', 'x'], /-i/],
    [['--nonsense'], /nonsense/],
  ]
  for (const [argv, reason] of cases) {
    const { status, err, out } = await run(t, ...argv)
    t.equal(status, 2, argv.join(' '))
    t.match(err, reason)
    t.equal(out, '')
  }
})
