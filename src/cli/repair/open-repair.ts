import { join } from 'node:path'
import type { Layout } from '../../registry/layout.ts'
import type { RepairStatus } from '../../registry/repair-status.ts'
import { takeSeat } from '../../registry/seat.ts'
import type { Outstanding } from '../../repair/in-time.ts'
import { Journal } from '../../repair/journal.ts'
import { Ladder } from '../../repair/ladder.ts'
import type { RepairSettings } from '../../config/repair-kinds.ts'
import { journalMs, repairMs, stepMs } from '../../repair/plan.ts'
import { orphanIn, settleOrphan } from '../../repair/under-way.ts'
import { systemClock } from '../../watch/clock.ts'
import type { BeginMending } from '../../watch/mending.ts'
import type { Onlooker } from '../../watch/onlooker.ts'
import type { Log } from '../../watch/voice.ts'
import { isOwnAddress } from '../../wire/is-own-address.ts'
import type { Io } from '../io.ts'
import { planOf } from './plan-of.ts'

/** What the repairs of one watch are opened with. */
export type RepairPlaces = {
  settings: RepairSettings | undefined
  watch: string
  command: 'clp_sambamon' | 'clp_nfsmon'
  target: string
  address: string
  deadlineMs: number
  layout: Layout
  io: Pick<Io, 'hostName'>
  log: Log
  /** writes the record anew */
  refresh: () => void
  /** what is probably wrong, the likeliest first; read whenever a step is chosen */
  probableCauses: () => readonly string[]
  /** what the repairs of this process have begun on a disk that has not come back; all its watches share it */
  outstanding?: Outstanding
}

/** How a watch has its server repaired, how long that may take, and what its record says of it. */
export type OpenedRepair = {
  mend: BeginMending
  /** at most, wherever the server is */
  repairMs: number
  /** of that, what can be spent where it is now */
  repairMsNow: () => number
  onlooker: Onlooker
  /** Resolves when all that was begun on a disk has come back; with one that hangs never. */
  settled: () => Promise<unknown>
}

/** Where it is kept which steps were begun on this host. */
export function journalDirectory({ lib }: Pick<Layout, 'lib'>): string {
  return join(lib, 'repair')
}

/**
 * Makes ready what may be done for a watch, if anything; sees to a step that a monitor has left behind
 * that was killed.
 */
export function openRepair(places: RepairPlaces): OpenedRepair | undefined {
  const { settings, watch, command, target, address, deadlineMs, layout, io, log, refresh } = places
  const kind = command === 'clp_sambamon' ? 'samba' : 'nfs'
  const plan = planOf(settings, { kind, id: watch })
  if (plan === undefined) return undefined
  const seat = async () => takeSeat(join(layout.run, 'repair-seat'))
  const status: RepairStatus = { mended: 0, notMended: 0 }
  for (const step of plan.steps) {
    if (typeof step.command === 'string') log('warn', `repair: ${step.name}: ${step.command}`)
    if (journalMs + stepMs(step, plan, deadlineMs) > plan.totalMs) {
      log('warn', `repair: ${step.name} never fits into the total of ${plan.totalMs / 1000} s`)
    }
  }
  void adopt(layout.run, seat, log)
  const { outstanding = new Set() } = places
  const mend: BeginMending = () => {
    const ladder = new Ladder({
      plan,
      watch,
      kind,
      target,
      deadlineMs,
      run: layout.run,
      journal: new Journal(journalDirectory(layout), systemClock),
      clock: systemClock,
      probableCauses: places.probableCauses,
      isHere: () => isOwnAddress(address, { hostName: io.hostName() }),
      takeSeat: seat,
      outstanding,
      log,
      onStep: (chosen) => {
        if (chosen === undefined) delete status.now
        else {
          const begunAt = new Date().toISOString()
          status.now = { step: chosen.step.name, cause: chosen.cause, begunAt }
        }
        refresh()
      },
    })
    return {
      goOn: async () => ladder.goOn(),
      abandon: async () => ladder.abandon(),
      conclude: (how) => {
        const account = ladder.conclude(how)
        if (how === 'mended') status.mended += 1
        else if (how === 'not-mended') status.notMended += 1
        status.last = { at: new Date().toISOString(), text: account.text }
        return account
      },
    }
  }
  return {
    mend,
    repairMs: repairMs(plan, deadlineMs),
    repairMsNow: () => {
      const steps = plan.steps.filter(({ remote }) => remote || mayBeHere(address, io))
      return steps.length === 0 ? 0 : repairMs({ ...plan, steps }, deadlineMs)
    },
    settled: async () => Promise.allSettled(outstanding),
    onlooker: { status: () => ({ repair: { ...status } }) },
  }
}

/** A host that does not know its own name is no reason to promise too little. */
function mayBeHere(address: string, io: Pick<Io, 'hostName'>): boolean {
  try {
    return isOwnAddress(address, { hostName: io.hostName() })
  } catch {
    return true
  }
}

/** Only one monitor does it; nobody waits for it, and the process may end meanwhile. */
async function adopt(
  run: string,
  seat: () => ReturnType<typeof takeSeat>,
  log: Log,
): Promise<void> {
  try {
    const orphan = orphanIn(run)
    if (orphan === undefined) return
    const leave = await seat()
    if (leave === undefined) return
    try {
      log('warn', `repair: ${orphan.step} runs on, whose monitor ${orphan.watch} is gone`)
      const unheld = {
        ...systemClock,
        setTimer: (ms: number, callback: () => void) => {
          const timer = setTimeout(callback, ms).unref()
          return () => {
            clearTimeout(timer)
          }
        },
      }
      const isOver = await settleOrphan(run, unheld, new AbortController().signal)
      log(
        isOver ? 'info' : 'error',
        `repair: ${orphan.step} ${isOver ? 'is over' : 'cannot be ended'}`,
      )
    } finally {
      await leave()
    }
  } catch (error) {
    log('warn', `repair: what was left behind cannot be seen to: ${String(error)}`)
  }
}
