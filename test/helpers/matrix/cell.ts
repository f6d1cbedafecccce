import type { Outcome, Probe } from '../../../src/probe/probe.ts'
import { systemClock } from '../../../src/watch/clock.ts'
import { StallMeter } from '../../../src/watch/stall-meter.ts'
import type { Detour } from './detour.ts'
import type { Framing } from './framing.ts'
import { Relay } from './relay.ts'
import { type Overshoot, SuspendableDeadline } from './suspendable-deadline.ts'

/** A fault as one cell brings it about. */
export type Harm = {
  /** resolves when it has happened */
  inject?: () => Promise<void>
  /** what has to come after that, while the check goes on; its time is not counted either */
  follow?: () => Promise<void>
  /** by how much what was to come at a certain time came too late */
  lateMs?: () => Promise<number>
  /** only half of the answer passes before it */
  half?: boolean
  /** the way holds back for so long what is asked next */
  delayMs?: number
}

/** Lateness that no verdict here depends on. */
const mostLateMs = 200

/** One check of one server. */
export type Trial = {
  probe: Probe
  deadlineMs: number
  address: string
  ports: readonly number[]
  framing: Framing
  /** whole answers after which it happens; 0: connected; undefined: before the check begins */
  after: number | undefined
  harm: Harm
}

/** How it went. */
export type Seen = {
  outcome: Outcome
  /** whole answers that had come by way of the relay */
  answers: number
  overshoot: Overshoot
  /** false where the check ended before the moment had come */
  hasHappened: boolean
  /** our own stall, if it was one that has the verdict discarded, or our lateness with the fault */
  lostMs: number
}

/** Runs one check, during which something happens at one moment, and tells how it went. */
export async function tryOnce(detour: Detour, trial: Trial): Promise<Seen> {
  const { probe, deadlineMs, address, ports, framing, after, harm } = trial
  const deadline = new SuspendableDeadline(deadlineMs)
  let follows = Promise.resolve()
  let hasHappened = false
  let trouble: unknown
  const follow = () => {
    hasHappened = true
    follows = (harm.follow?.() ?? Promise.resolve())
      .catch((error: unknown) => {
        trouble = error
      })
      .finally(() => deadline.resume())
  }
  const happen = async () => {
    deadline.suspend()
    try {
      await harm.inject?.()
    } catch (error) {
      trouble = error
    }
    follow()
  }
  const relay =
    after === undefined
      ? undefined
      : await Relay.start(detour, address, ports, framing, { ...harm, after, happen })
  try {
    if (after === undefined) await harm.inject?.()
    const meter = new StallMeter(systemClock, deadlineMs)
    deadline.start()
    if (after === undefined) {
      if (harm.follow !== undefined) deadline.suspend()
      follow()
    }
    const outcome = await probe(deadline.signal)
    const overshoot = deadline.overshoot()
    const lostMs = meter.end()
    deadline.clear()
    await follows
    if (trouble !== undefined) throw trouble
    const lateMs = (await harm.lateMs?.()) ?? 0
    const ownMs = lostMs + (lateMs > mostLateMs ? lateMs : 0)
    return { outcome, answers: relay?.answers ?? 0, overshoot, hasHappened, lostMs: ownMs }
  } finally {
    deadline.clear()
    await relay?.close()
  }
}
