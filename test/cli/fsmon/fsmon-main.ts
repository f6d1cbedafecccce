import t from 'tap'
import { fsmonMain } from '../../../src/cli/fsmon/fsmon-main.ts'
import { fakeIo } from '../../helpers/fake-io.ts'

async function run(env: Record<string, string>, ...argv: string[]) {
  const io = fakeIo(env)
  const status = await fsmonMain(argv, io)
  return { status, out: io.printed(), err: io.complained() }
}

t.test('status and explain are done', async (t) => {
  const env = { CLP_FSMON_ROOT: t.testdir() }
  t.match(await run(env, 'status'), { status: 0, out: /No monitors are known/ })
  t.match(await run(env, 'status', '--json'), { status: 0, out: '[]\n' })
  t.match(await run(env, 'status', 'nobody'), { status: 3, err: /nobody/ })
  t.match(await run(env, 'explain', '62'), { status: 0, out: /^Event 62/ })
})

t.test('the language is the one asked for, else that of the locale', async (t) => {
  t.match(await run({}, 'explain', '62', '--lang', 'ja'), { status: 0, out: /対処/ })
  t.match(await run({}, '--lang', 'ja', 'explain', '62'), { status: 0, out: /対処/ })
  t.match(await run({ LANG: 'ja_JP.UTF-8' }, 'explain', '62'), { status: 0, out: /対処/ })
})

t.test('help is for everything and for each command', async (t) => {
  t.match(await run({}, '--help'), { status: 0, out: /status .*\n.*explain.*Exit status/s })
  t.match(await run({}, 'status', '--help'), { status: 0, out: /--json/ })
  t.match(await run({}, '--version'), { status: 0, out: /^clp_fsmon \(clp-fsmon\) \d/ })
})

t.test('wrong use is refused with a hint', async (t) => {
  for (const argv of [['nonsense'], ['status', '--nonsense'], ['explain'], []]) {
    t.match(await run({}, ...argv), { status: 2, err: /\S/ }, argv.join(' '))
  }
})

t.test('an error of our own is not hidden', async (t) => {
  const io = fakeIo({ CLP_FSMON_ROOT: t.testdir() })
  io.out = () => {
    throw new TypeError('bug')
  }
  await t.rejects(fsmonMain(['status'], io), { message: 'bug' })
})
