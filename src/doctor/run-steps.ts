import type { Finding, Mended, Step, StepResult } from './finding.ts'

/** How steps are gone through. */
export type RunOptions = {
  /** so long one step may take */
  limitMs: number
  /** whether what can safely be mended is */
  fix: boolean
  /** Hears of each step before it is done. */
  onStep?: (step: Step, number: number) => void
  /** Hears of what became of each. */
  onResult?: (result: StepResult) => void
}

/** Goes through the steps in their order; one that hangs or breaks is a finding, and the next one is done all the same. */
export async function runSteps(
  steps: readonly Step[],
  { limitMs, fix, onStep, onResult }: RunOptions,
): Promise<StepResult[]> {
  const results: StepResult[] = []
  for (const [index, step] of steps.entries()) {
    onStep?.(step, index + 1)
    const startedAt = performance.now()
    let findings = await lookWithin(step, limitMs)
    const mended: Mended[] = []
    if (fix) {
      for (const finding of findings) {
        if (finding.mend === undefined) continue
        mended.push({ finding, ...(await problemOf(finding.mend, limitMs)) })
      }
      // What was mended has to be seen to be.
      if (mended.length > 0) findings = await lookWithin(step, limitMs)
    }
    const ms = Math.round(performance.now() - startedAt)
    const result = { name: step.name, ms, findings, mended }
    onResult?.(result)
    results.push(result)
  }
  return results
}

async function lookWithin({ look, limitMs: own }: Step, usualMs: number): Promise<Finding[]> {
  const limitMs = own?.() ?? usualMs
  const controller = new AbortController()
  try {
    return await within(look(controller.signal), limitMs)
  } catch (error) {
    if (error instanceof TooLong) {
      return [{ grade: 'failure', what: 'hangs', values: { seconds: limitMs / 1000 } }]
    }
    return [{ grade: 'failure', what: 'broken', values: { reason: String(error) } }]
  } finally {
    controller.abort()
  }
}

async function problemOf(
  mend: () => Promise<void>,
  limitMs: number,
): Promise<{ problem?: string }> {
  try {
    await within(mend(), limitMs)
    return {}
  } catch (error) {
    return { problem: String(error) }
  }
}

class TooLong extends Error {
  override readonly name = 'TooLong'
}

/** What hangs, as on a dead disk, is left behind. */
async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TooLong(`not done in ${ms} ms`))
    }, ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
