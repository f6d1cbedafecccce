/** One step of the ladder, as it is configured. */
export type RepairStep = {
  name: string
  /** causes that it helps against; `any` is every one, an unknown one included */
  causes: readonly string[]
  /** what is run, its full path first; a text says why that is not to be had on this host */
  command: readonly string[] | string
  /** names of programs of which whatever stands still is ended before it begins */
  endsStopped?: readonly string[]
  limitMs: number
  /** also for a server that is not on this host */
  remote: boolean
}

/** What may be tried for one watch, and how long. */
export type RepairPlan = {
  steps: readonly RepairStep[]
  /** so many steps may begin on this host */
  perHour: number
  perDay: number
  /** over all steps of a repair and the checks after them */
  totalMs: number
  /** after a step, how long checks that fail are repeated */
  settleMs: number
  /** how long another repair on this host is waited for */
  waitMs: number
}

/** A step of the ladder, and the cause that it is tried for. */
export type ChosenStep = { step: RepairStep; cause: string }

/** How long the end of a step may take that does not end by itself: asked to, then killed. */
export const askedMs = 3000
export const killedMs = 2000

/**
 * How long it may take to write down that a step begins, or has ended; with a disk that takes longer
 * nothing is done. So much longer than its limit a step may take in which its program was looked at.
 */
export const journalMs = 2000

/** The longest that a step takes, from its being written down to the end of the last check after it. */
export function stepMs(
  step: Pick<RepairStep, 'limitMs'>,
  { settleMs }: Pick<RepairPlan, 'settleMs'>,
  deadlineMs: number,
): number {
  return 3 * journalMs + step.limitMs + askedMs + killedMs + settleMs + deadlineMs
}

/** The longest that a repair takes: the wait for another one, a check after that, and all steps. */
export function repairMs(plan: RepairPlan, deadlineMs: number): number {
  const all = plan.steps.reduce((sum, step) => sum + stepMs(step, plan, deadlineMs), journalMs)
  return plan.waitMs + deadlineMs + Math.min(plan.totalMs, all)
}

/**
 * The steps that help against these causes, in the order in which they are tried: by the rank of the
 * causes, then as they are configured, and those for any cause last.
 */
export function stepsFor(plan: Pick<RepairPlan, 'steps'>, causes: readonly string[]): ChosenStep[] {
  const chosen = new Map<RepairStep, string>()
  for (const cause of [...causes, any]) {
    for (const step of plan.steps) {
      if (step.causes.includes(cause) && !chosen.has(step)) chosen.set(step, cause)
    }
  }
  return Array.from(chosen, ([step, cause]) => ({ step, cause }))
}

const any = 'any'
