import t, { type Test } from 'tap'
import { alertLines } from '../helpers/alert-lines.ts'
import { runCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchedNfs, type WatchedNfs } from '../helpers/nfs-watch.ts'
import { watchedSmb, type WatchedSmb } from '../helpers/smb-watch.ts'

t.setTimeout(180_000)

const kinds = [
  {
    command: 'clp_sambamon',
    other: 'clp_nfsmon',
    serve: (t: Test): Promise<WatchedSmb | WatchedNfs> => watchedSmb(t),
    started: '1 INFO The clp_sambamon has started watching Samba.',
    watches: '2 INFO The clp_sambamon is going to watch share resource [pub].',
    stops: '3 INFO The clp_sambamon will stop watching Samba [pub].',
    ends: '6 ERROR The clp_sambamon will terminate.',
    cause: ['74 ERROR The clp_sambamon has detected network error(select error[110]).'],
  },
  {
    command: 'clp_nfsmon',
    other: 'clp_sambamon',
    serve: (t: Test): Promise<WatchedSmb | WatchedNfs> => watchedNfs(t),
    started: '1 INFO The clp_nfsmon has started watching NFS.',
    watches: "2 INFO The clp_nfsmon is going to watch shared directory '/srv/data'.",
    stops: "3 INFO The clp_nfsmon will stop watching NFS shared directory '/srv/data'.",
    ends: '6 ERROR The clp_nfsmon will terminate.',
    cause: [
      '0 ERROR clp_nfsmon: RPC: Timed out',
      '66 ERROR The clp_nfsmon has detected an error in NFS.',
    ],
  },
] as const

const quick = ['-i', '1', '-c', '2', '-r', '1']

for (const { command, other, serve, started, watches, stops, ends, cause } of kinds) {
  t.test(`${command} is started, paused, continued, shown and stopped`, async (t) => {
    const server = await serve(t)
    const { env } = server
    const run = (...argv: string[]) => runCommand(t, command, ['x', ...argv], { env })
    const monitor = server.start('x', quick)
    await monitor.said(/ 2 INFO /)
    t.match(await run('-pause'), { status: 0, err: '' })
    t.match(await run('-pause'), { status: 0 }, 'a second pause does no harm')
    const shown = await run('-disp')
    t.equal(shown.out.split('\n')[0], String(monitor.pid), 'the process ID comes first')
    t.match(shown.out, /^state: paused$/m)
    t.match(await run('-continue'), { status: 0, err: '' })
    t.match(await run('-continue'), { status: 0 }, 'a second continue does no harm')
    t.match(
      await runCommand(t, other, ['x', '-stop'], { env }),
      { status: 3 },
      'not by the other command',
    )
    t.match(await run('-del'), { status: 3 }, 'a running one is not deleted')
    t.match(await run('-stop'), { status: 0, err: '' })
    const { status, err, out } = await monitor.ended
    t.equal(status, 0)
    t.equal(out, '')
    t.strictSame(alertLines(err), [
      started,
      watches,
      `7 INFO The ${command} is going to stop monitoring.`,
      `8 INFO The ${command} is going to monitor.`,
      stops,
    ])
    t.match(await run('-stop'), { status: 0 }, 'stopping what has ended succeeds')
    t.match(await run('-disp'), { status: 0, out: /^state: ended$/m })
    t.match(await run('-del'), { status: 0 })
    t.match(await run('-disp'), { status: 3 })
  })

  t.test(`${command} ends with 1 after the cause, and -stop after that succeeds`, async (t) => {
    const server = await serve(t)
    const monitor = server.start('x', quick)
    await monitor.said(/ 2 INFO /)
    const before = server.checks()
    server.fallSilent()
    const { status, err } = await monitor.ended
    t.equal(status, 1)
    t.strictSame(alertLines(err), [started, watches, ...cause, ends])
    // A check that was under way when the server fell silent is the first of the three.
    // On a machine that is too busy some may have had to be repeated.
    const repeated = err.split('verdict discarded').length - 1
    t.equal(server.checks() - before - repeated, 3, 'after the first failure and its two retries')
    t.match(await runCommand(t, command, ['x', '-stop'], { env: server.env }), {
      status: 0,
      err: '',
    })
  })

  t.test(`-stop of an ID that ${command} has never seen is a failure with 15`, async (t) => {
    const env = { CLP_FSMON_ROOT: t.testdir() }
    const { status, err } = await runCommand(t, command, ['nobody', '-stop'], { env })
    t.equal(status, 3)
    t.strictSame(alertLines(err), [`15 ERROR The ${command} has not performed end processing.`])
    t.match(err, 'nobody')
  })

  t.test(`${command} is stopped at once while a check hangs`, async (t) => {
    const server = await serve(t)
    server.fallSilent()
    const monitor = server.start('x', ['-r', '10000'])
    await eventually('a check hangs', () => server.checks() > 0)
    const began = performance.now()
    t.match(await runCommand(t, command, ['x', '-stop'], { env: server.env }), { status: 0 })
    const ms = performance.now() - began
    t.comment(`-stop of a check that hangs: ${Math.round(ms)} ms, its own start included`)
    t.ok(ms < 5000, 'without waiting for the check')
    const { status, err } = await monitor.ended
    t.equal(status, 0)
    t.strictSame(alertLines(err), [started, stops])
  })
}
