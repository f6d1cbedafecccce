import type { Announcement } from '../../src/alert/announcement.ts'
import type { Status } from '../../src/registry/status.ts'
import { bucketEdgesS, mostRecent } from '../../src/registry/tally.ts'
import type { DrilledWatch } from '../../src/cli/monitor/control-drill.ts'
import { DrillSeat } from '../../src/watch/drill-seat.ts'
import { Watch } from '../../src/watch/watch.ts'
import { FakeClock, settle } from './fake-clock.ts'
import type { ScriptedProbe } from './scripted-probe.ts'

const timing = { intervalMs: 10_000, retryIntervalMs: 2000, deadlineMs: 1000, retries: 2 }

/** A watch that has begun, with a seat for a drill and everything that is heard of it. */
export async function drilledWatch(script: ScriptedProbe) {
  const clock = new FakeClock()
  const said: Announcement[] = []
  const logged: { text: string; drill: unknown }[] = []
  const saved: Status[] = []
  const seat = new DrillSeat(
    script.probe,
    clock,
    (announcement) => said.push(announcement),
    (_level, text, detail) => logged.push({ text, drill: detail?.['drill'] }),
  )
  const watch = new Watch({
    timing,
    probe: seat.probe,
    clock,
    announce: seat.announce,
    log: seat.log,
    onlookers: [seat.onlooker],
    saveRecord: async (status) => {
      saved.push(status)
    },
    tallySize: { edgesS: bucketEdgesS, mostRecent },
  })
  const ending = watch.run()
  await settle()
  const drilled: DrilledWatch = { command: 'clp_sambamon', seat, watch, timing, clock }
  return { clock, said, logged, saved, seat, watch, ending, timing, drilled }
}
