import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { alertIds } from '../helpers/alert-lines.ts'
import { runCommand } from '../helpers/command.ts'
import { watchedNfs } from '../helpers/nfs-watch.ts'
import { shownRecord } from '../helpers/shown-record.ts'

t.setTimeout(180_000)

const count = 1000

t.test(
  `with ${count} IDs registered, one more is started, shown and stopped as ever`,
  async (t) => {
    const nfs = await watchedNfs(t)
    const { env } = nfs
    const run = join(env.CLP_FSMON_ROOT, 'run/clp-fsmon')
    const timed = async <T>(what: string, work: () => Promise<T>): Promise<[T, number]> => {
      const began = performance.now()
      const result = await work()
      const tookMs = performance.now() - began
      t.comment(`${what}: ${Math.round(tookMs)} ms`)
      return [result, tookMs]
    }
    const start = async (id: string) => {
      const monitor = nfs.start(id, ['-i', '1'])
      await monitor.said(/ 2 INFO /)
      return monitor
    }
    const stop = async (id: string) => runCommand(t, 'clp_nfsmon', [id, '-stop'], { env })

    const [first, aloneStartMs] = await timed('a start, alone', () => start('first'))
    const [, aloneStopMs] = await timed('a stop, alone', () => stop('first'))
    await first.ended
    const ended = readFileSync(join(run, 'first.json'), 'utf8')
    const victim = await start('victim')
    victim.child.kill('SIGKILL')
    await victim.ended
    const dead = readFileSync(join(run, 'victim.json'), 'utf8')
    // Half of them ended in good order, half were killed; the last 20 live.
    for (let at = 0; at < count - 20; at += 1) {
      const id = `id${String(at).padStart(4, '0')}`
      const text =
        at % 2 === 0 ? ended.replace('"first"', `"${id}"`) : dead.replace('"victim"', `"${id}"`)
      writeFileSync(join(run, `${id}.json`), text, { mode: 0o600 })
    }
    const living = await Promise.all(Array.from({ length: 20 }, (_, at) => start(`live${at}`)))

    const [one, startMs] = await timed('a start among them', () => start('x'))
    t.equal((await shownRecord(t, 'clp_nfsmon', 'x', { env }))?.process.pid, one.pid)
    const status = () => runCommand(t, 'clp_fsmon', ['status', '--json'], { env })
    const [shown, statusMs] = await timed('clp_fsmon status', status)
    t.equal(shown.status, 0)
    const entries = JSON.parse(shown.out) as { condition: string }[]
    const wanted = { live: 21, ended: (count - 20) / 2 + 1, dead: (count - 20) / 2 + 1 }
    for (const [state, many] of Object.entries(wanted)) {
      t.equal(entries.filter(({ condition }) => condition === state).length, many, state)
    }
    const second = await nfs.start('x').ended
    t.equal(second.status, 3, 'an ID is still one')
    t.strictSame(alertIds(second.err), [14])
    const [stopped, stopMs] = await timed('a stop among them', () => stop('x'))
    t.equal(stopped.status, 0)
    t.match(await one.ended, { status: 0 })
    t.match(await runCommand(t, 'clp_nfsmon', ['id0001', '-del'], { env }), { status: 0 })
    // Generous, for a busy machine; alone they take less than a second.
    t.ok(startMs < aloneStartMs + 5000, 'a start is as quick as ever')
    t.ok(stopMs < aloneStopMs + 5000, 'and a stop')
    t.ok(statusMs < 10_000, 'all of them are shown in no time')
    for (const monitor of living) monitor.child.kill('SIGTERM')
    for (const monitor of living) t.match(await monitor.ended, { status: 0 })
  },
)
