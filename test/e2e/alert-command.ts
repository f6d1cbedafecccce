import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { alertIds } from '../helpers/alert-lines.ts'
import { runCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchedNfs } from '../helpers/nfs-watch.ts'

t.setTimeout(120_000)

/** A server, and a clplogcmd that notes how it was called and then does something. */
async function withCommand(t: Test, does: string) {
  const nfs = await watchedNfs(t)
  const directory = join(nfs.env.CLP_FSMON_ROOT, 'bin')
  const noted = join(directory, 'noted')
  mkdirSync(directory)
  const lines = ['#!/bin/sh', `printf '%s|' $$ "$@" >>'${noted}'; echo >>'${noted}'`, does, '']
  writeFileSync(join(directory, 'clplogcmd'), lines.join('\n'), { mode: 0o755 })
  const calls = () =>
    existsSync(noted) ? readFileSync(noted, 'utf8').split('\n').slice(0, -1) : []
  // One that hangs is not waited for at the end of its monitor, and so outlives it.
  t.teardown(() => {
    for (const call of calls()) {
      try {
        process.kill(-Number(call.split('|')[0]), 'SIGKILL')
      } catch {
        // It has ended.
      }
    }
  })
  const env = { ...nfs.env, PATH: `${directory}:${process.env.PATH ?? ''}` }
  const start = (...argv: string[]) => nfs.start('x', argv, { env })
  const control = (word: string) => runCommand(t, 'clp_nfsmon', ['x', word], { env })
  return {
    nfs,
    start,
    control,
    calls,
    messages: () => calls().map((line) => line.split('|').slice(1, -1)),
  }
}

t.test('the alert command is called for each alert, in order', async (t) => {
  const { nfs, start, messages } = await withCommand(t, 'exit 0')
  const monitor = start('-i', '1', '-c', '1', '-r', '1')
  await monitor.said(/ 2 INFO /)
  nfs.fallSilent()
  t.match(await monitor.ended, { status: 1 })
  const called = (text: string, level: string, id: string) => [
    '-m',
    text,
    '-l',
    level,
    '-i',
    id,
    '--alert',
  ]
  t.strictSame(messages(), [
    called('The clp_nfsmon has started watching NFS.', 'INFO', '1'),
    called("The clp_nfsmon is going to watch shared directory '/srv/data'.", 'INFO', '2'),
    called('clp_nfsmon: RPC: Timed out', 'ERR', '0'),
    called('The clp_nfsmon has detected an error in NFS.', 'ERR', '66'),
    called('The clp_nfsmon will terminate.', 'ERR', '6'),
  ])
})

const troubles: Record<string, [does: string, told: RegExp | undefined]> = {
  fails: ['exit 3', /alerts by way of clplogcmd: .* ended with 3/],
  'is killed': ['kill -9 $$', /alerts by way of clplogcmd: .* ended with SIGKILL/],
  floods: ['head -c 50000000 /dev/zero; head -c 50000000 /dev/zero >&2', undefined],
  hangs: ['exec sleep 60', /alerts by way of clplogcmd: .* did not end within 5000 ms/],
}

for (const [what, [does, told]] of Object.entries(troubles)) {
  t.test(`an alert command that ${what} harms nothing but itself`, async (t) => {
    const { nfs, start, control, calls } = await withCommand(t, does)
    const monitor = start('-i', '1', '-r', '5')
    await monitor.said(/ 2 INFO /)
    await eventually('it has been called', () => calls().length > 0)
    if (told !== undefined) await monitor.said(told)
    const seen = nfs.checks()
    await eventually('checks go on', () => nfs.checks() > seen + 1)
    t.match(await control('-pause'), { status: 0 })
    t.match(await control('-continue'), { status: 0 })
    const began = performance.now()
    t.match(await control('-stop'), { status: 0 })
    t.comment(`-stop: ${Math.round(performance.now() - began)} ms`)
    const { status, signal, err } = await monitor.ended
    t.match({ status, signal }, { status: 0, signal: null })
    t.strictSame(alertIds(err), [1, 2, 7, 8, 3], 'the others hear everything')
    t.equal(err.split('alerts by way of').length, told === undefined ? 1 : 2, 'told once')
  })
}

t.test('an alert command that hangs does not keep a verdict from ending the monitor', async (t) => {
  const { nfs, start } = await withCommand(t, 'exec sleep 60')
  const monitor = start('-i', '1', '-c', '1', '-r', '1')
  await monitor.said(/ 2 INFO /)
  nfs.fallSilent()
  const { status, signal, err } = await monitor.ended
  t.match({ status, signal }, { status: 1, signal: null })
  t.strictSame(alertIds(err), [1, 2, 0, 66, 6])
})
