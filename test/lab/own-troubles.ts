import { spawn } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { alertIds } from '../helpers/alert-lines.ts'
import { startCommand, type RunningCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { licensed } from '../helpers/licensed.ts'
import { memoryGroup } from '../helpers/memory-group.ts'
import { shownRecord } from '../helpers/shown-record.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

const loadS = Number(process.env.CLP_FSMON_TEST_LOAD_SECONDS ?? 15)
const root = join(import.meta.dirname, '../..')

/** A host with both servers, both of them healthy all through. */
async function healthy(t: Test): Promise<{ host: Host; env: { CLP_FSMON_ROOT: string } }> {
  const host = await Host.create()
  t.teardown(() => host.down())
  await Promise.all([host.samba(), host.ganesha()])
  const env = { CLP_FSMON_ROOT: t.testdir() }
  await licensed(env.CLP_FSMON_ROOT)
  return { host, env }
}

const targets = {
  clp_sambamon: ['-s', 'guest'],
  clp_nfsmon: ['-d', '/srv/nfs/data'],
} as const
type Command = keyof typeof targets
const commands = ['clp_sambamon', 'clp_nfsmon'] as const

/** As impatient as a monitor can be: two failures in a row end it. */
const impatient = ['-i', '1', '-c', '1', '-r', '1']

const count = (text: string, what: string) => text.split(what).length - 1

t.test(
  `with every core busy for ${loadS} s no monitor blames a healthy server`,
  options,
  async (t) => {
    const { host, env } = await healthy(t)
    const monitors = new Map<string, { command: Command; monitor: RunningCommand }>()
    for (const command of commands) {
      for (const at of [1, 2]) {
        const argv = [`${command.slice(4)}${at}`, ...targets[command], '-a', host.address]
        const monitor = startCommand(t, command, [...argv, ...impatient], { env })
        monitors.set(argv[0] ?? '', { command, monitor })
      }
    }
    for (const { monitor } of monitors.values()) await monitor.said(/ 2 INFO /)
    // Each ends by itself, whatever becomes of this test.
    const loops = Array.from({ length: 2 * availableParallelism() }, () =>
      spawn('timeout', [String(loadS), 'sh', '-c', 'while :; do :; done']),
    )
    t.teardown(() => loops.forEach((loop) => loop.kill()))
    await eventually(
      'the load is over',
      () => loops.every(({ exitCode }) => exitCode !== null),
      300_000,
    )
    for (const [id, { command, monitor }] of monitors) {
      const from = Date.now()
      await eventually(`${id} is well`, async () => {
        if (monitor.child.exitCode !== null) throw new Error(monitor.err())
        const { lastCheck } = (await shownRecord(t, command, id, { env })) ?? {}
        return lastCheck?.verdict === 'ok' && Date.parse(lastCheck.at) > from
      })
      monitor.child.kill('SIGTERM')
      const { status, err } = await monitor.ended
      t.comment(
        `${id}: ${count(err, 'check failed')} checks failed, ${count(err, 'verdict discarded')} discarded`,
      )
      t.equal(status, 0, id)
      t.strictSame(alertIds(err), [1, 2, 3], id)
    }
  },
)

t.test(
  'with ever less memory a monitor is killed, or watches on, and blames nobody',
  options,
  async (t) => {
    const group = memoryGroup(t)
    if (group === undefined) {
      t.comment('no memory controller can be written to here')
      t.pass('not tried')
      return
    }
    const { host, env } = await healthy(t)
    const mib = 1024 * 1024
    const via = ['sh', '-c', `echo $$ >'${group.directory}/cgroup.procs'; exec "$@"`, 'sh']
    for (const command of commands) {
      const ends: string[] = []
      for (const size of [96, 64, 48, 32, 24, 16, 12, 8, 6]) {
        group.limit(size * mib)
        const id = `${command.slice(4)}${size}`
        const argv = [id, ...targets[command], '-a', host.address, ...impatient]
        const monitor = startCommand(t, command, argv, { env, via })
        const watches = await monitor.said(/ 2 INFO /).then(
          () => true,
          () => false,
        )
        if (watches) {
          await Promise.race([monitor.ended, delay(3000)])
          monitor.child.kill('SIGTERM')
        }
        const { status, signal, err } = await monitor.ended
        ends.push(`${size} MiB: ${signal ?? status}${watches ? ' after watching' : ''}`)
        if (status === 1 || alertIds(err).includes(6)) t.fail(`with ${size} MiB: ${status} ${err}`)
        if (size >= 64 && status !== 0) t.fail(`${size} MiB are enough: ${signal ?? status} ${err}`)
      }
      t.comment(`${command}: ${ends.join(', ')}`)
    }
    t.pass('nobody was blamed')
  },
)

type Extra = { env?: string[]; more?: string[] }

/** A host that watches the other one as an installed product does: state and logs where they belong. */
async function watcher(t: Test, server: Host) {
  const client = await Host.create({ name: 'client' })
  t.teardown(() => client.down())
  const bin = t.testdir({ logger: '#!/bin/sh\nexec sleep 1000\n' })
  chmodSync(join(bin, 'logger'), 0o755)
  const without = ['-u', 'NODE_OPTIONS', '-u', 'CLP_FSMON_ROOT']
  const before = [...without, process.execPath]
  const license = [...before, join(root, 'bin/clplcnsc'), '--community']
  t.match(await client.exec('env', license), { status: 0 })
  const watch = (command: Command, address: string, { env = [], more = [] }: Extra = {}) =>
    client.spawn('env', [
      ...without,
      ...env,
      process.execPath,
      join(root, 'bin', command),
      command.slice(4),
      ...targets[command],
      '-a',
      address,
      ...impatient,
      ...more,
    ])
  /** Words for `env`, that make every program of the system log one that hangs. */
  const hanging = [`PATH=${bin}:${process.env.PATH}`]
  return { client, watch, hanging, address: server.address }
}

t.test('without a system log, or with one that hangs, a monitor watches on', options, async (t) => {
  const { host } = await healthy(t)
  const { client, watch, hanging, address } = await watcher(t, host)
  t.not((await client.exec('test', ['-S', '/dev/log'])).status, 0, 'there is none here')
  for (const [what, env] of Object.entries({ none: [], hanging })) {
    for (const command of commands) {
      const monitor = watch(command, address, { env })
      await monitor.said(/ 2 INFO /)
      if (what === 'hanging') await monitor.said(/alerts by way of syslog: .* did not end/)
      else await delay(3000)
      await monitor.kill('SIGTERM')
      const { status, stderr } = await monitor.finished
      t.equal(status, 0, `${command}, ${what}`)
      t.strictSame(alertIds(stderr), [1, 2, 3], `${command}, ${what}`)
      t.notMatch(stderr, 'check failed', `${command}, ${what}`)
    }
  }
})

t.test('a name server that dies takes no server with it', options, async (t) => {
  const { host } = await healthy(t)
  const { client, watch } = await watcher(t, host)
  const zone = `address=/files.test/${host.address}`
  const script = (text: string) => client.exec('sh', ['-ec', text])
  const named = await script('command -v dnsmasq')
  if (named.status !== 0) {
    t.comment('needs dnsmasq')
    t.pass('not tried')
    return
  }
  const dns = client.spawn('dnsmasq', [
    '--keep-in-foreground',
    '--no-resolv',
    '--no-hosts',
    `--${zone}`,
  ])
  t.match(await script('rm -f /etc/resolv.conf; echo nameserver 127.0.0.1 >/etc/resolv.conf'), {
    status: 0,
  })
  const monitors = commands.map((command) =>
    watch(command, 'files.test', { more: ['--start-wait', '20'] }),
  )
  for (const monitor of monitors) await monitor.said(/ 2 INFO /)
  await dns.kill('SIGKILL')
  await dns.finished
  await delay(5000)
  for (const monitor of monitors) {
    await monitor.kill('SIGTERM')
    const { status, stderr } = await monitor.finished
    t.equal(status, 0, 'the address that is known is gone by')
    t.strictSame(alertIds(stderr), [1, 2, 3])
    t.notMatch(stderr, 'check failed')
  }
  for (const command of commands) {
    const { status, stderr } = await watch(command, 'files.test').finished
    t.equal(status, 5, 'who starts without one cannot judge')
    t.strictSame(alertIds(stderr), [1, 42, 6])
  }
})
