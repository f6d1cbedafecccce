import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Command } from 'commander'
import { diagnoseCommand } from '../../../src/cli/fsmon/diagnose.ts'
import { loadTexts } from '../../../src/cli/texts.ts'
import { programDirectories } from '../../../src/diagnosis/program-directories.ts'
import { Registry } from '../../../src/registry/registry.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import { sampleRecord } from '../../helpers/record.ts'

/** Runs the command over a system in which nothing runs. */
async function run(t: Test, words: readonly string[], { root = t.testdir({}), uid = 0 } = {}) {
  const io = fakeIo({ CLP_FSMON_ROOT: root }, uid)
  let status = -1
  const command = await diagnoseCommand(
    'en',
    await loadTexts('en'),
    io,
    (ended) => {
      status = ended
    },
    { root, programs: programDirectories },
  )
  const program = new Command().exitOverride().addCommand(command)
  await program.parseAsync(['diagnose', ...words], { from: 'user' })
  return { status, out: io.printed(), err: io.complained() }
}

t.test('what keeps a server from being served is shown, with the evidence', async (t) => {
  const root = t.testdir({ proc: { net: { tcp: 'sl\n' } } })
  const { status, out, err } = await run(t, ['-a', '127.0.0.1', '-s', 'pub'], { root })
  t.equal(status, 0)
  t.match(
    out,
    /^What probably keeps pub at 127\.0\.0\.1 .*\n1\. smbd does not run \(process-missing\)\n {5}no process named smbd/,
  )
  t.equal(err, '')
})

t.test('lines of JSON tell after each step what is known', async (t) => {
  const root = t.testdir({ proc: { net: { tcp: 'sl\n' } } })
  const { out } = await run(t, ['-a', '127.0.0.1', '-s', 'pub', '--json'], { root, uid: 7 })
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object)
  t.match(lines[0], { step: 'processes', ms: Number, causes: [] })
  t.match(lines.at(-1), {
    done: true,
    late: false,
    causes: [{ key: 'process-missing', text: 'smbd does not run', evidence: [String, String] }],
  })
})

t.test('the limit ends it, and what was known by then is shown', async (t) => {
  const { status, out, err } = await run(t, ['-a', '127.0.0.1', '--limit', '0.1'], { uid: 7 })
  t.equal(status, 0)
  t.match(out, /^Nothing was found that would keep NFS at 127\.0\.0\.1/)
  t.match(err, /not run as root.*\n.*the limit of 0\.1 s came first/)
})

t.test('a monitor’s ID says what is to be looked at', async (t) => {
  const root = t.testdir({ proc: { net: { tcp: 'sl\n' } } })
  const registry = new Registry(join(root, 'run/clp-fsmon'))
  const { state, since, failures, retries, worstCaseMs } = sampleRecord()
  const common = { status: { state, since, failures, retries, worstCaseMs } }
  const samba = { address: '127.0.0.1', share: 'pub', port: 445 }
  const nfs = { address: '127.0.0.1', directory: '/data', nfsVersion: '3', nfsPort: 99 }
  for (const [id, command, options] of [
    ['s', 'clp_sambamon', samba],
    ['n', 'clp_nfsmon', nfs],
  ] as const) {
    const target = 'x @ 127.0.0.1'
    await registry.register({ id, command, target, options, ...common }, () => undefined)
  }
  t.match((await run(t, ['s', '--limit', '2'], { root })).out, /pub at 127\.0\.0\.1/)
  t.match((await run(t, ['n', '--limit', '2'], { root })).out, /\/data at 127\.0\.0\.1/)
  t.match(await run(t, ['x'], { root }), { status: 3, err: /No monitor with the ID x/ })
  t.match(await run(t, ['s', '-a', 'x'], { root }), { status: 2 })
})

t.test('what cannot be understood is refused', async (t) => {
  t.match(await run(t, []), { status: 2, err: /Say what is to be looked at/ })
  for (const words of [
    ['-a', 'x', '-s', 'p', '-d', '/d'],
    ['-a', 'x', '--limit', '0'],
    ['-a', 'x', '--port', '70000'],
  ]) {
    t.match(await run(t, words), { status: 2 }, words.join(' '))
  }
})
