import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fsmonMain } from '../../../src/cli/fsmon/fsmon-main.ts'

t.test('clp_fsmon template takes its values from the command line', async (t) => {
  const directory = t.testdir()
  let said = ''
  const io = {
    out: (text: string) => void (said += text),
    err: (text: string) => void (said += text),
    env: { LANG: 'C' },
    uid: 0,
    hostName: () => 'node1',
  }
  const argv = process.argv[1]
  t.teardown(() => {
    process.argv[1] = argv ?? ''
  })
  process.argv[1] = join(import.meta.dirname, '../../../bin/clp_fsmon')
  const run = async (...words: string[]) => fsmonMain(['template', ...words], io)
  const options = ['--share', '-pub', '--id', 'w2', '--stop-wait', '9', '--to', directory]
  t.equal(await run('samba-mon', ...options), 0, said)
  t.match(readFileSync(join(directory, 'start.sh'), 'utf8'), "SHARE='-pub'\n")
  t.match(readFileSync(join(directory, 'stop.sh'), 'utf8'), "STOP_WAIT='9'\n")
  t.equal(await run('samba-mon', ...options), 2)
  t.equal(await run('samba', '--to', join(directory, 'new')), 0)
  t.equal(await run(), 2)
  t.equal(await run('--no-such-option'), 2)
  process.argv[1] = '/no/such/program'
  said = ''
  t.equal(await run('samba', '--to', join(directory, 'more')), 5)
  t.match(said, /clusterpro-fsmonscript/)
})
