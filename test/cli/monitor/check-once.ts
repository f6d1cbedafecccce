import t from 'tap'
import { checkOnce } from '../../../src/cli/monitor/check-once.ts'
import { monitorRequest, type Thresholds } from '../../../src/cli/monitor/monitor-request.ts'
import { loadTexts } from '../../../src/cli/texts.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import { parseNagiosOutput } from '../../helpers/nagios-output.ts'
import { watchedNfs } from '../../helpers/nfs-watch.ts'

async function check(argv: string[], json = false, nagios?: Thresholds) {
  const request = monitorRequest('clp_nfsmon', ['--check', ...argv])
  if (request.want !== 'check') throw new Error('not a check')
  const io = fakeIo({}, process.getuid?.() ?? 0)
  const texts = await loadTexts('en')
  const { settings } = request
  const status = await checkOnce({
    settings,
    json,
    language: 'en',
    texts,
    io,
    ...(nagios !== undefined && { nagios }),
  })
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

t.test('for Nagios it is one line, CRITICAL when the server is silent', async (t) => {
  const thresholds = { warningS: 20, criticalS: 30 }
  const nfs = await watchedNfs(t)
  const good = await check(nfs.argv, false, thresholds)
  t.equal(good.status, 0)
  t.match(parseNagiosOutput(good.out), {
    service: 'NFS',
    level: 'OK',
    figures: [{ critical: '30' }],
  })
  nfs.fallSilent()
  const silent = await check([...nfs.argv, '-r', '1'], false, thresholds)
  t.equal(silent.status, 2)
  t.match(parseNagiosOutput(silent.out), { level: 'CRITICAL' })
})

t.test('a check during which this process stood still does not blame the server', async (t) => {
  const nfs = await watchedNfs(t)
  nfs.fallSilent()
  let stalls = 0
  const timer = setInterval(() => {
    stalls += 1
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600)
  }, 700)
  t.teardown(() => clearInterval(timer))
  const { status, out } = await check([...nfs.argv, '-r', '1'], false, {
    warningS: undefined,
    criticalS: undefined,
  })
  t.equal(status, 3)
  t.match(parseNagiosOutput(out), { level: 'UNKNOWN', text: /this process stood still for \d+ ms/ })
  t.ok(stalls >= 3, 'it was tried again')
})

t.test('a name that cannot be looked up is no verdict on the server', async (t) => {
  const { status, out } = await check(['-d', '/x', '-a', 'no-such-host.invalid', '-r', '2'])
  t.ok(status === 5 || /lookup/.test(out), out)
})
