import t from 'tap'
import { programOutput } from '../../src/doctor/program-output.ts'

const { signal } = new AbortController()

t.test('what a program prints and how it ends is handed on', async (t) => {
  const script = 'cat; echo out; echo err >&2; exit 3'
  t.same(await programOutput('sh', ['-c', script], signal), {
    status: 3,
    out: 'out\n',
    err: 'err\n',
  })
  t.match(await programOutput('true', [], signal), { status: 0, out: '' })
})

t.test('a program that is not there has no status', async (t) => {
  t.equal((await programOutput('no-such-program', [], signal)).status, undefined)
})

t.test('one that does not end is ended with the signal', async (t) => {
  const controller = new AbortController()
  const ended = programOutput('sleep', ['600'], controller.signal)
  controller.abort()
  t.equal((await ended).status, undefined)
})
