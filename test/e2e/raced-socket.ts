import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { alertIds } from '../helpers/alert-lines.ts'
import { runCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchedSmb } from '../helpers/smb-watch.ts'
import { skipWithoutStrace } from '../helpers/system-calls.ts'

t.setTimeout(120_000)

/** Holds every bind back, so that there is time between it and the look at what was there before. */
const slowBind = ['strace', '-D', '-f', '-qqq', '-o', '/dev/null', '-e', 'trace=bind']
slowBind.push('-e', 'inject=bind:delay_enter=1500000')

const plants: Record<string, (path: string, precious: string) => void> = {
  'a link': (path, precious) => symlinkSync(precious, path),
  'a dangling link': (path, precious) => symlinkSync(`${precious}.made`, path),
  'a file': (path) => writeFileSync(path, 'planted'),
}

for (const [what, plant] of Object.entries(plants)) {
  t.test(
    `${what} that is there at the last moment is no control socket, and not for long`,
    { skip: skipWithoutStrace() },
    async (t) => {
      const smb = await watchedSmb(t)
      const { env } = smb
      const run = join(env.CLP_FSMON_ROOT, 'run/clp-fsmon')
      const precious = join(env.CLP_FSMON_ROOT, 'precious')
      writeFileSync(precious, 'precious', { mode: 0o644 })
      const place = join(run, 'x.sock')
      const monitor = smb.start('x', ['-i', '1', '-r', '10'], { via: slowBind })
      // As soon as there is a directory, and again when it was too soon.
      await eventually('the bind has failed', () => {
        if (/the control socket cannot be opened, watching goes on/.test(monitor.err())) return true
        if (existsSync(run)) {
          try {
            plant(place, precious)
          } catch {
            // It is there.
          }
        }
        return false
      })
      await monitor.said(/EADDRINUSE/)
      await monitor.said(/the control socket was gone; it is there again/)
      t.ok(lstatSync(place).isSocket())
      t.equal(lstatSync(place).mode & 0o777, 0o600)
      t.match(await runCommand(t, 'clp_sambamon', ['x', '-stop'], { env }), { status: 0 })
      const { status, err } = await monitor.ended
      t.equal(status, 0)
      t.strictSame(alertIds(err), [1, 2, 3])
      t.equal(readFileSync(precious, 'utf8'), 'precious')
      t.equal(lstatSync(precious).mode & 0o777, 0o644)
      t.notOk(existsSync(`${precious}.made`))
    },
  )
}
