import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { serve } from '../../../../src/cli/fsmon/serve/run-server.ts'
import type { ServeOptions } from '../../../../src/cli/fsmon/serve/serve-settings.ts'
import { loadServeTexts } from '../../../../src/cli/fsmon/serve/serve-texts.ts'
import { encodeRecord } from '../../../../src/registry/record.ts'
import { eventually } from '../../../helpers/eventually.ts'
import { fakeIo } from '../../../helpers/fake-io.ts'
import { nobody, sampleRecord } from '../../../helpers/sample-record.ts'

const token = 'a-token-of-20-letters'
const uid = process.getuid?.() ?? 0

async function start(t: Test, root: string, options: Partial<ServeOptions>) {
  const words = await loadServeTexts('en')
  const io = fakeIo({ CLP_FSMON_ROOT: root }, uid)
  let end: () => void = () => undefined
  const untilEnd = async () => new Promise<void>((resolve) => (end = resolve))
  const job = { options: { listen: '127.0.0.1:0', ...options }, words, io, untilEnd }
  const ended = serve(job)
  t.teardown(() => {
    end()
  })
  let url = ''
  const isUp = () => (url = /https?:\S+/.exec(io.printed())?.[0] ?? '') !== ''
  const up = eventually('it listens', isUp, 20_000).then(() => url)
  return {
    io,
    up,
    ended,
    end: () => {
      end()
    },
  }
}

t.test('records and alerts of this host are served until the end', async (t) => {
  const root = t.testdir({ token })
  execFileSync('chmod', ['600', join(root, 'token')])
  const run = join(root, 'run/clp-fsmon')
  mkdirSync(run, { recursive: true, mode: 0o700 })
  const { ended: over, ...record } = sampleRecord({ process: nobody, target: 'pub @ 10.0.0.1' })
  t.ok(over)
  writeFileSync(join(run, 'watch1.json'), encodeRecord(record))
  const options = { tokenFile: join(root, 'token'), allowControl: true as const }
  const { up, end, ended, io } = await start(t, root, options)
  const url = await up
  const headers = { Authorization: `Bearer ${token}` }
  const answer = await fetch(`${url}api/v1/watches`, { headers })
  t.match(await answer.json(), {
    host: 'server1',
    control: true,
    hosts: [{ watches: [{ id: 'watch1', state: 'vanished', server: '10.0.0.1' }] }],
  })
  const paused = await fetch(`${url}api/v1/watches/watch1/pause`, { method: 'POST', headers })
  t.equal(paused.status, 409, 'its monitor is gone')
  await paused.text()
  end()
  t.equal(await ended, 0)
  t.notMatch(io.printed() + io.complained(), token)
})

t.test('a peer is shown, and its end as well', async (t) => {
  const far = await start(t, t.testdir(), {})
  const farUrl = await far.up
  const near = await start(t, t.testdir(), { peer: [farUrl] })
  const url = await near.up
  const reachable = async () => {
    const answer = await fetch(`${url}api/v1/watches`)
    const { hosts } = (await answer.json()) as { hosts: { reachable: boolean }[] }
    return hosts[1]?.reachable
  }
  await eventually('the peer is there', async () => (await reachable()) === true)
  far.end()
  t.equal(await far.ended, 0)
  await eventually('the peer is gone', async () => (await reachable()) === false)
  near.end()
  t.equal(await near.ended, 0)
})

t.test('an open address is said out loud, and so is a token in the clear', async (t) => {
  const root = t.testdir({ tokens: 'http://127.0.0.1:1/ secret\n' })
  execFileSync('chmod', ['600', join(root, 'tokens')])
  const open = await start(t, root, {
    listen: '0.0.0.0:0',
    insecureListen: true,
    peer: ['http://127.0.0.1:1'],
    peerTokens: join(root, 'tokens'),
  })
  await open.up
  t.match(open.io.complained(), /WARNING: 0\.0\.0\.0:0 is open to everyone/)
  t.match(open.io.complained(), /WARNING: the token for http:\/\/127\.0\.0\.1:1\/ goes/)
  t.notMatch(open.io.complained(), 'secret')
  open.end()
  await open.ended
})

t.test('what cannot be started is told with its exit status', async (t) => {
  const words = await loadServeTexts('en')
  const attempt = async (options: Partial<ServeOptions>, env = {}, asUid = uid) => {
    const io = fakeIo({ CLP_FSMON_ROOT: t.testdirName, ...env }, asUid)
    const status = await serve({ options: { listen: '127.0.0.1:0', ...options }, words, io })
    return { status, err: io.complained() }
  }
  const io = fakeIo({}, 1000)
  t.equal(await serve({ options: { listen: '127.0.0.1' }, words, io }), 4)
  const taken = await start(t, t.testdir({ cert: 'x', key: 'y' }), {})
  const [, port = ''] = /:(\d+)\//.exec(await taken.up) ?? []
  t.match(await attempt({ listen: `127.0.0.1:${port}` }), { status: 5, err: /EADDRINUSE/ })
  for (const name of ['cert', 'key']) execFileSync('chmod', ['600', join(t.testdirName, name)])
  const tls = { tlsCert: join(t.testdirName, 'cert'), tlsKey: join(t.testdirName, 'key') }
  t.match(await attempt(tls), { status: 2, err: /certificate and key/ })
  t.match(await attempt({ allowControl: true }), { status: 2, err: /--token-file/ })
  taken.end()
  await taken.ended
})

t.test('a signal ends it in good order', async (t) => {
  const words = await loadServeTexts('en')
  const io = fakeIo({ CLP_FSMON_ROOT: t.testdir() }, uid)
  const before = process.listenerCount('SIGTERM')
  const ended = serve({ options: { listen: '127.0.0.1:0' }, words, io })
  await eventually('it listens', () => io.printed() !== '')
  t.ok(process.listenerCount('SIGTERM') > before)
  for (const listener of process.listeners('SIGTERM').slice(before)) listener('SIGTERM')
  t.equal(await ended, 0)
})
