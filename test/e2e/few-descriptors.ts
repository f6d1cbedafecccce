import { execFileSync, spawnSync } from 'node:child_process'
import t from 'tap'
import { alertIds } from '../helpers/alert-lines.ts'
import { runCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchedNfs } from '../helpers/nfs-watch.ts'
import { watchedSmb } from '../helpers/smb-watch.ts'

t.setTimeout(120_000)

const skip = spawnSync('prlimit', ['--version']).status !== 0 && 'needs prlimit, of util-linux'

/** Both limits, for Node raises the soft one to the hard one. */
const limitTo = (count: number) => ['prlimit', `--nofile=${count}:${count}`]
const tight = ['-i', '1', '-c', '1', '-r', '5']
const kinds = { clp_sambamon: watchedSmb, clp_nfsmon: watchedNfs } as const
/** What Node says when it has no descriptor to look for our first file with. */
const endsBeforeUs = /uv_loop_init|Cannot read package config|ERR_INVALID_PACKAGE_CONFIG/
const noSocket = { clp_sambamon: 71, clp_nfsmon: 42 } as const

for (const command of ['clp_sambamon', 'clp_nfsmon'] as const) {
  const serve = kinds[command]

  t.test(`${command} lives a whole life with 64 descriptors`, { skip }, async (t) => {
    const server = await serve(t)
    const { env } = server
    const monitor = server.start('x', tight, { via: limitTo(64) })
    await monitor.said(/ 2 INFO /)
    const control = (word: string) => runCommand(t, command, ['x', word], { env, via: limitTo(64) })
    t.match(await control('-pause'), { status: 0 })
    t.match(await control('-continue'), { status: 0 })
    const seen = server.checks()
    await eventually('it goes on checking', () => server.checks() > seen + 1)
    t.match(await control('-stop'), { status: 0 })
    const { status, err } = await monitor.ended
    t.equal(status, 0)
    t.strictSame(alertIds(err), [1, 2, 7, 8, 3])
  })

  t.test(
    `${command} started with fewer and fewer never says that the server has failed`,
    { skip },
    async (t) => {
      const server = await serve(t)
      const ends: string[] = []
      for (let count = 40; ; count -= 1) {
        const monitor = server.start(`x${count}`, tight, { via: limitTo(count) })
        try {
          await monitor.said(/ 2 INFO /)
          monitor.child.kill('SIGTERM')
        } catch {
          // It has ended by itself.
        }
        const { status, err } = await monitor.ended
        // Not even a line of ours could be read, or not even Node could start.
        if (status === null || endsBeforeUs.test(err) || err.includes(`bin/${command}'`)) break
        ends.push(`${count}: ${status}`)
        if (status !== 0 && status !== 5) t.fail(`with ${count} descriptors: status ${status}`)
        // The end of one that could not judge is told by 71 or 42, then 6, and its status is 5.
        const allowed = new Set(status === 5 ? [1, 2, 3, 42, 71, 6] : [1, 2, 3, 42, 71])
        if (alertIds(err).some((id) => !allowed.has(id)))
          t.strictSame(alertIds(err), [], `with ${count} descriptors`)
      }
      t.comment(ends.join(', '))
      t.ok(ends.includes('40: 0'))
    },
  )

  t.test(
    `${command} that runs out of descriptors cannot judge, and says so if that lasts`,
    { skip },
    async (t) => {
      const server = await serve(t)
      const monitor = server.start('x', ['-i', '1', '-c', '3', '-r', '5'])
      await monitor.said(/ 2 INFO /)
      const limit = (count: number) =>
        execFileSync('prlimit', ['--pid', String(monitor.pid), `--nofile=${count}:4096`])
      limit(3)
      await monitor.said(/could not judge, 2 of 4/)
      limit(64)
      const seen = server.checks()
      await eventually('with descriptors it judges again', () => server.checks() > seen + 1)
      limit(3)
      const { status, err } = await monitor.ended
      t.equal(status, 5)
      t.match(err, / ERROR .*\(socket( error\[24\]| 24)\)\./)
      t.strictSame(alertIds(err), [1, 2, noSocket[command], 6])
      t.notMatch(err, 'check failed')
    },
  )
}
