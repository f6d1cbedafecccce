import t from 'tap'
import { fsmonMain } from '../../../src/cli/fsmon/fsmon-main.ts'
import { fakeIo } from '../../helpers/fake-io.ts'

async function run(...argv: string[]) {
  const io = fakeIo({ CLP_FSMON_ROOT: t.testdirName })
  const status = await fsmonMain(['serve', ...argv], io)
  return { status, out: io.printed(), err: io.complained() }
}

t.test('serve tells its options', async (t) => {
  const { status, out } = await run('--help')
  t.equal(status, 0)
  for (const option of ['--listen', '--peer', '--token-file', '--tls-cert', '--allow-control']) {
    t.match(out, option)
  }
})

t.test('wrong use is refused with a reason', async (t) => {
  t.match(await run('--listen', '0.0.0.0:0'), { status: 2, err: /--insecure-listen/ })
  t.match(await run('--listen', 'x y'), { status: 2, err: /HOST:PORT/ })
  t.match(await run('--peer', 'http://a', '--peer', 'ftp://b'), { status: 2, err: /ftp/ })
  t.match(await run('--nonsense'), { status: 2 })
})
