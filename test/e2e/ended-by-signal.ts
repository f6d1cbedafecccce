import t from 'tap'
import { alertIds } from '../helpers/alert-lines.ts'
import { runCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchedNfs, type WatchedNfs } from '../helpers/nfs-watch.ts'
import { shownRecord } from '../helpers/shown-record.ts'

t.setTimeout(180_000)

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
const ids = [...signals, 'terminal']

type Way = {
  argv: string[]
  alerts: number[]
  before?: (nfs: WatchedNfs) => void
  /** takes all monitors from their first success to where they shall be */
  after?: (nfs: WatchedNfs, control: (id: string, word: string) => Promise<unknown>) => unknown
}

const states: Record<string, Way> = {
  starting: { argv: ['-r', '10000'], alerts: [1, 3], before: (nfs) => nfs.fallSilent() },
  watching: { argv: ['-i', '1'], alerts: [1, 2, 3] },
  failing: {
    argv: ['-i', '1', '-c', '10000', '-r', '1'],
    alerts: [1, 2, 3],
    after: (nfs) => nfs.fallSilent(),
  },
  paused: {
    argv: [],
    alerts: [1, 2, 7, 3],
    after: (_, control) => Promise.all(ids.map((id) => control(id, '-pause'))),
  },
}

for (const [state, { argv, alerts, before, after }] of Object.entries(states)) {
  t.test(`${state}, a signal or a terminal that closes ends it in good order`, async (t) => {
    const nfs = await watchedNfs(t)
    const { env } = nfs
    const record = (id: string) => shownRecord(t, 'clp_nfsmon', id, { env })
    const reaches = (id: string, wanted: string) =>
      eventually(`${id} is ${wanted}`, async () => (await record(id))?.state === wanted)
    before?.(nfs)
    const monitors = signals.map((signal) => nfs.start(signal, argv))
    // script(1) is the terminal of the last one; when it ends the terminal is gone.
    const via = ['sh', '-c', 'exec script -qefc "exec $*" /dev/null', 'sh']
    const terminal = nfs.start('terminal', argv, { via })
    for (const id of ids) await reaches(id, before ? 'starting' : 'watching')
    await after?.(nfs, (id, word) => runCommand(t, 'clp_nfsmon', [id, word], { env }))
    for (const id of ids) await reaches(id, state)

    for (const [at, signal] of signals.entries()) {
      monitors[at]?.child.kill(signal)
      const ended = await monitors[at]?.ended
      t.match(ended, { status: 0, signal: null }, `${signal}: exit status`)
      t.strictSame(alertIds(ended?.err ?? ''), alerts, `${signal}: alerts`)
    }
    t.match(await record('terminal'), { state }, 'the others are still as they were')
    terminal.child.kill('SIGKILL')
    for (const id of ids) {
      await eventually(`${id} has ended`, async () => (await record(id))?.ended !== undefined)
      t.match(await record(id), { ended: { how: 'stopped', exitStatus: 0 } }, id)
    }
  })
}
