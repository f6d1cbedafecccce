import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { layoutUnder } from '../../src/registry/layout.ts'
import { alertReceiver } from '../helpers/alert-receiver.ts'
import { runCommand } from '../helpers/command.ts'
import { configured } from '../helpers/configured.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchedNfs } from '../helpers/nfs-watch.ts'

t.setTimeout(180_000)

const quick = ['-i', '1', '-c', '1', '-r', '1']
const hook = (url: string, more = '') =>
  `[[sink.webhook]]\nname = "pager"\nurl = "${url}"\nids = [3, 6, 66]\n${more}`

function queued(root: string): string[] {
  try {
    return readdirSync(join(layoutUnder(root).lib, 'queue/pager'))
  } catch {
    return []
  }
}

t.test('the last alerts reach the receiver although the monitor ends with them', async (t) => {
  const [nfs, there] = [await watchedNfs(t), await alertReceiver(t)]
  const root = nfs.env.CLP_FSMON_ROOT
  configured(root, hook(there.url))
  const monitor = nfs.start('w1', quick)
  await monitor.said(/ 2 INFO /)
  nfs.fallSilent()
  const { status, err } = await monitor.ended
  t.equal(status, 1)
  t.strictSame(there.ids(), [66, 6])
  t.strictSame(queued(root), [], 'nothing is left')
  t.match(JSON.parse(there.received[1]?.body ?? ''), {
    version: 1,
    watch: 'w1',
    target: '/srv/data',
  })
  const log = readFileSync(join(layoutUnder(root).log, 'alert.log'), 'utf8')
  for (const text of [err, log]) t.notMatch(text, 's3cret-path')
})

t.test('what a receiver that is down has missed, the next start brings it, once', async (t) => {
  const [nfs, there] = [await watchedNfs(t), await alertReceiver(t)]
  const root = nfs.env.CLP_FSMON_ROOT
  configured(root, hook(there.url))
  await there.close()
  const first = nfs.start('w1', quick)
  await first.said(/ 2 INFO /)
  nfs.fallSilent()
  const { status, err } = await first.ended
  t.equal(status, 1)
  t.match(err, /alerts by way of webhook pager: ECONNREFUSED/)
  t.equal(err.split('by way of webhook').length, 2, 'told once')
  t.equal(queued(root).length, 2)
  const again = await alertReceiver(t, { port: there.port })
  nfs.speak()
  const second = nfs.start('another', quick)
  await again.got(2)
  await eventually('nothing is left', () => queued(root).length === 0)
  second.child.kill('SIGTERM')
  t.equal((await second.ended).status, 0)
  t.strictSame(again.ids(), [66, 6, 3], 'in their order, and each once')
})

t.test('a receiver that hangs delays neither checks nor the verdict nor the end', async (t) => {
  const [nfs, there] = [await watchedNfs(t), await alertReceiver(t)]
  const root = nfs.env.CLP_FSMON_ROOT
  there.mood = 'hang'
  configured(root, hook(there.url, 'timeout = 60\n').replace('[3, 6, 66]', '[1, 6, 66]'))
  const monitor = nfs.start('w1', quick)
  await there.got(1)
  await monitor.said(/ 2 INFO /)
  const before = nfs.checks()
  await eventually('checks go on', () => nfs.checks() > before + 1)
  nfs.fallSilent()
  await monitor.said(/ 6 ERROR /)
  const began = performance.now()
  t.equal((await monitor.ended).status, 1)
  const ms = performance.now() - began
  t.comment(`from alert 6 to the end: ${Math.round(ms)} ms`)
  t.ok(ms < 30_000, 'not the minute that the receiver may take')
  t.equal(queued(root).length, 3, 'and all is kept')
})

t.test('kill -9 in the middle of a delivery: it comes again, with the same key', async (t) => {
  const [nfs, there] = [await watchedNfs(t), await alertReceiver(t)]
  const root = nfs.env.CLP_FSMON_ROOT
  there.mood = 'hang'
  configured(root, hook(there.url).replace('[3, 6, 66]', '[1]'))
  const first = nfs.start('w1', quick)
  await there.got(1)
  first.child.kill('SIGKILL')
  await first.ended
  const left = queued(root)
  t.equal(left.filter((name) => name.endsWith('.json')).length, 1)
  for (const name of left) {
    const text = readFileSync(join(layoutUnder(root).lib, 'queue/pager', name), 'utf8')
    t.match(JSON.parse(text), { version: 1, id: 1 }, 'whole')
  }
  there.mood = { answer: 204 }
  const second = nfs.start('w2', quick)
  await there.got(3)
  second.child.kill('SIGTERM')
  await second.ended
  const keys = there.received.map(({ headers }) => headers['idempotency-key'])
  t.equal(keys[0], keys[1], 'the receiver can tell')
  t.not(keys[1], keys[2])
  t.equal(there.received[0]?.body, there.received[1]?.body)
})

t.test('of several monitors one sends, and nothing comes twice or gets lost', async (t) => {
  const [nfs, there] = [await watchedNfs(t), await alertReceiver(t)]
  configured(nfs.env.CLP_FSMON_ROOT, hook(there.url).replace('[3, 6, 66]', '[1, 2, 3]'))
  const ids = ['a', 'b', 'c']
  const monitors = ids.map((id) => nfs.start(id, quick))
  for (const monitor of monitors) await monitor.said(/ 2 INFO /)
  for (const monitor of monitors) monitor.child.kill('SIGTERM')
  for (const monitor of monitors) t.equal((await monitor.ended).status, 0)
  const late = nfs.start('late', quick)
  await late.said(/ 2 INFO /)
  await eventually('nothing is left', () => queued(nfs.env.CLP_FSMON_ROOT).length === 0)
  const got = there.received.map(({ body }) => JSON.parse(body) as { watch: string; id: number })
  for (const id of ids) {
    t.strictSame(
      got.filter(({ watch }) => watch === id).map(({ id }) => id),
      [1, 2, 3],
      id,
    )
  }
  const keys = there.received.map(({ headers }) => headers['idempotency-key'])
  t.equal(new Set(keys).size, keys.length)
})

t.test(
  'defaults of the file watch, flags win, and the record shows what is in force',
  async (t) => {
    const nfs = await watchedNfs(t)
    const { env } = nfs
    const file = configured(env.CLP_FSMON_ROOT, '[defaults]\ninterval = 7\nwait = 9\nretries = 2\n')
    const monitor = nfs.start('w1', ['-r', '3'])
    await monitor.said(/ 2 INFO /)
    const shown = await runCommand(t, 'clp_nfsmon', ['w1', '-disp', '--json'], { env })
    t.match(JSON.parse(shown.out), { options: { intervalS: 7, waitS: 3, retries: 2 } })
    const check = await runCommand(t, 'clp_nfsmon', ['--check', ...nfs.argv, '-r', '3'], { env })
    t.match(
      check.out,
      `Settings from ${file}: defaults.interval = 7 (line 2), defaults.retries = 2 (line 4)`,
    )
    const help = await runCommand(t, 'clp_nfsmon', ['--help'], { env })
    t.match(help.out, /defaults\.wait = 9 \(line 3\), defaults\.retries = 2 \(line 4\)\n$/)
    configured(env.CLP_FSMON_ROOT, '[defaults]\nwait = 0\n')
    const refused = await runCommand(t, 'clp_nfsmon', ['w2', ...nfs.argv], { env })
    t.match(refused, {
      status: 2,
      err: /clp-fsmon\.toml:2: defaults\.wait: 0 is out of range.* 11 ERROR /s,
    })
    t.match(await runCommand(t, 'clp_fsmon', ['reload'], { env }), { status: 2 })
    t.match(
      await runCommand(t, 'clp_nfsmon', ['w1', '-stop'], { env }),
      { status: 0 },
      'it can be stopped',
    )
    t.equal((await monitor.ended).status, 0)
  },
)
