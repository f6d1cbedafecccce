import t from 'tap'
import { checkOnce } from '../../../src/cli/monitor/check-once.ts'
import { monitorRequest } from '../../../src/cli/monitor/monitor-request.ts'
import { loadTexts } from '../../../src/cli/texts.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import { watchedNfs } from '../../helpers/nfs-watch.ts'

async function check(argv: string[], json = false) {
  const request = monitorRequest('clp_nfsmon', ['--check', ...argv])
  if (request.want !== 'check') throw new Error('not a check')
  const io = fakeIo({}, process.getuid?.() ?? 0)
  const texts = await loadTexts('en')
  const { settings } = request
  const status = await checkOnce({ settings, json, language: 'en', texts, io })
  return { status, out: io.printed() }
}

t.test('a good check ends with 0 and shows its stages', async (t) => {
  const { argv } = await watchedNfs(t)
  const { status, out } = await check(argv)
  t.equal(status, 0)
  t.match(out, /^clp_nfsmon: checking \/srv\/data at 127\.0\.0\.1, deadline 60 s, depth share\n/)
  t.match(out, /\n {2}mount +\d/)
  t.match(out, /\nOK: /)
})

t.test('a failed check ends with 1, with the alert, its cause and what to do', async (t) => {
  const nfs = await watchedNfs(t)
  nfs.fallSilent()
  const { status, out } = await check([...nfs.argv, '-r', '1'])
  t.equal(status, 1)
  t.match(out, /FAILED in step 'null'/)
  t.match(out, /Alert: clp_nfsmon: RPC: Timed out\nCause: \S.*\nWhat to do: \S/)
})

t.test('for programs the outcome is JSON', async (t) => {
  const { argv } = await watchedNfs(t)
  const { status, out } = await check(argv, true)
  t.equal(status, 0)
  t.match(JSON.parse(out), { target: '/srv/data', outcome: { kind: 'ok', stages: [{}] } })
})

t.test('a name that cannot be looked up is no verdict on the server', async (t) => {
  const { status, out } = await check(['-d', '/x', '-a', 'no-such-host.invalid', '-r', '2'])
  t.ok(status === 5 || /lookup/.test(out), out)
})
