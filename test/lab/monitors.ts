import { join } from 'node:path'
import t, { type Test } from 'tap'
import { alertIds, alertLines } from '../helpers/alert-lines.ts'
import { runCommand, startCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { licensed } from '../helpers/licensed.ts'
import { shownRecord } from '../helpers/shown-record.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

const timing = ['-i', '1', '-c', '2', '-r', '1']
/** (1+c)·r + c·i, and one interval more before the first check that fails. */
const leastMs = 5000
const mostMs = leastMs + 1000

const servers = {
  clp_sambamon: {
    serve: (host: Host) => host.samba(),
    argv: ['-s', 'guest'],
    healthy: [
      '1 INFO The clp_sambamon has started watching Samba.',
      '2 INFO The clp_sambamon is going to watch share resource [guest].',
    ],
    stops: '3 INFO The clp_sambamon will stop watching Samba [guest].',
    frozen: ['74 ERROR The clp_sambamon has detected network error(select error[110]).'],
  },
  clp_nfsmon: {
    serve: (host: Host) => host.ganesha(),
    argv: ['-d', '/srv/nfs/data'],
    healthy: [
      '1 INFO The clp_nfsmon has started watching NFS.',
      "2 INFO The clp_nfsmon is going to watch shared directory '/srv/nfs/data'.",
    ],
    stops: "3 INFO The clp_nfsmon will stop watching NFS shared directory '/srv/nfs/data'.",
    frozen: [
      '0 ERROR clp_nfsmon: RPC: Timed out',
      '66 ERROR The clp_nfsmon has detected an error in NFS.',
    ],
  },
} as const

type Command = keyof typeof servers

async function open(t: Test, command: Command) {
  const host = await Host.create()
  t.teardown(() => host.down())
  const server = await servers[command].serve(host)
  const env = { CLP_FSMON_ROOT: t.testdir() }
  await licensed(env.CLP_FSMON_ROOT)
  const argv = [...servers[command].argv, '-a', host.address, ...timing]
  const start = (id: string) => startCommand(t, command, [id, ...argv], { env })
  const control = (id: string, word: string) => runCommand(t, command, [id, word], { env })
  return { server, env, start, control }
}

for (const command of ['clp_sambamon', 'clp_nfsmon'] as const) {
  const { healthy, stops, frozen } = servers[command]

  t.test(`${command} watches a real server until it is stopped`, options, async (t) => {
    const { env, start, control } = await open(t, command)
    const monitor = start('x')
    await monitor.said(/ 2 INFO /)
    t.match(await control('x', '-pause'), { status: 0 })
    t.match(await shownRecord(t, command, 'x', { env }), { state: 'paused', failures: 0 })
    t.match(await control('x', '-continue'), { status: 0 })
    const shown = await control('x', '-disp')
    t.equal(shown.out.split('\n')[0], String(monitor.pid))
    const began = performance.now()
    t.match(await control('x', '-stop'), { status: 0 })
    t.comment(`-stop: ${Math.round(performance.now() - began)} ms`)
    const { status, err } = await monitor.ended
    t.equal(status, 0)
    t.strictSame(alertLines(err), [
      ...healthy,
      `7 INFO The ${command} is going to stop monitoring.`,
      `8 INFO The ${command} is going to monitor.`,
      stops,
    ])
  })

  t.test(
    `${command} finds a server that is frozen, in the time it promises`,
    options,
    async (t) => {
      const { server, start, control } = await open(t, command)
      const monitor = start('x')
      await monitor.said(/ 2 INFO /)
      const from = performance.now()
      await server.freeze()
      const frozenAt = performance.now()
      const { status, err } = await monitor.ended
      const [longest, shortest] = [performance.now() - from, performance.now() - frozenAt]
      t.comment(
        `from the freeze to the exit: ${Math.round(shortest)} to ${Math.round(longest)} ms; promised are ${leastMs} to ${mostMs} ms and 300 ms for the way there`,
      )
      t.equal(status, 1)
      t.strictSame(alertLines(err), [
        ...healthy,
        ...frozen,
        `6 ERROR The ${command} will terminate.`,
      ])
      const failures = Array.from(err.matchAll(/check failed, (\d of \d)/g), ([, which]) => which)
      t.strictSame(failures, ['1 of 3', '2 of 3'], 'the third is the verdict')
      // A check that was under way may have begun a moment before the freeze.
      t.ok(longest > leastMs - 500, 'not before every check has had its time')
      t.ok(shortest < mostMs + 15_000, 'and not much later, however busy this machine is')
      t.match(await control('x', '-stop'), { status: 0 }, 'stop.sh has nothing left to do')
    },
  )
}

t.test(
  'many monitors watch one host, and only those of the frozen server end',
  options,
  async (t) => {
    const host = await Host.create()
    t.teardown(() => host.down())
    const samba = await host.samba()
    await host.ganesha()
    const env = { CLP_FSMON_ROOT: t.testdir() }
    await licensed(env.CLP_FSMON_ROOT)
    const start = (command: Command, id: string) =>
      startCommand(t, command, [id, ...servers[command].argv, '-a', host.address, ...timing], {
        env,
      })
    const ofSamba = [start('clp_sambamon', 'smb1'), start('clp_sambamon', 'smb2')]
    const ofNfs = [start('clp_nfsmon', 'nfs1'), start('clp_nfsmon', 'nfs2')]
    await Promise.all([...ofSamba, ...ofNfs].map((monitor) => monitor.said(/ 2 INFO /)))
    await samba.freeze()
    for (const monitor of ofSamba) t.match(await monitor.ended, { status: 1 })
    for (const [at, monitor] of ofNfs.entries()) {
      t.match(await runCommand(t, 'clp_nfsmon', [`nfs${at + 1}`, '-stop'], { env }), { status: 0 })
      const { status, err } = await monitor.ended
      t.equal(status, 0)
      t.strictSame(alertIds(err), [1, 2, 3])
      t.notMatch(err, 'check failed')
    }
  },
)

const root = join(import.meta.dirname, '../..')

t.test('disks that are full keep nobody from watching, only from starting', options, async (t) => {
  const [server, client] = await Promise.all([Host.create(), Host.create({ name: 'client' })])
  t.teardown(() => Promise.all([server.down(), client.down()]))
  const samba = await server.samba()
  const script = (text: string) => client.exec('sh', ['-ec', text])
  const directories = '/var/log/clp-fsmon /run/clp-fsmon'
  const mounted = await script(
    `for d in ${directories}; do mkdir -p $d; mount -t tmpfs -o size=64k,mode=700 none $d; done`,
  )
  t.match(mounted, { status: 0 })
  const log = '/var/log/clp-fsmon/alert.log'
  // The log is emptied, for its last block may have room for some lines; and it is full before the
  // records are, so that the first that is to be said about those finds no room.
  const fill = () =>
    script(`: >${log}; for d in ${directories}; do cat /dev/zero >$d/full || :; done`)
  // The test runner puts its own loaders into the environment of every process of Node.
  const before = ['-u', 'NODE_OPTIONS', '-u', 'CLP_FSMON_ROOT', process.execPath]
  const words = (...argv: string[]) => [...before, join(root, 'bin/clp_sambamon'), ...argv]
  const watch = (id: string) => words(id, '-s', 'guest', '-a', server.address, ...timing)
  const run = (...argv: string[]) => client.exec('env', words(...argv))

  const program = [...before, join(root, 'bin/clplcnsc'), '--community']
  t.match(await client.exec('env', program), { status: 0 })
  const one = client.spawn('env', watch('one'))
  const two = client.spawn('env', watch('two'))
  await Promise.all([one.said(/ 2 INFO /), two.said(/ 2 INFO /)])
  await eventually('both have written what they have to say so far', async () => {
    const { stdout } = await script(`grep -c '"id":2' ${log} || :`)
    return Number(stdout) === 2
  })
  t.match(await fill(), { stderr: /No space left/ })
  await one.said(/the record cannot be written, watching goes on: .*ENOSPC/)
  await one.said(/alerts by way of log: .*ENOSPC/)

  t.match(await client.exec('env', watch('three')), {
    status: 5,
    stderr: / 42 ERROR The clp_sambamon has detected system error \(write 28\)\./,
  })
  t.match(await run('one', '-pause'), { status: 0 }, 'it can be controlled')
  t.match(await run('one', '-continue'), { status: 0 })
  t.match(await run('one', '-stop'), { status: 0 })
  const stopped = await one.finished
  t.equal(stopped.status, 0)
  t.strictSame(alertIds(stopped.stderr), [1, 2, 7, 8, 3])

  await samba.freeze()
  const found = await two.finished
  t.equal(found.status, 1, 'and a dead server is found')
  t.strictSame(alertIds(found.stderr), [1, 2, 74, 6])
  t.equal(found.stderr.split('the record cannot be written').length, 2, 'told once')

  t.match(await script('rm /run/clp-fsmon/full /var/log/clp-fsmon/full'), { status: 0 })
  t.match(await run('two', '-stop'), { status: 0 }, 'whose record could not say how it ended')
})
