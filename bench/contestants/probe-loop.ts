// Our own checks, in one process that lives on: probe-loop TARGET, the target as lab-probe.ts has it.
import type { Outcome } from '../../src/probe/probe.ts'
import { systemClock } from '../../src/watch/clock.ts'
import { Deadline } from '../../src/watch/deadline.ts'
import { labProbe } from './lab-probe.ts'
import { serveLoop } from './serve-loop.ts'

const probe = labProbe(process.argv[2] ?? '')

await serveLoop(async () => {
  const deadline = new Deadline(systemClock, 10_000)
  const outcome = await probe(deadline.signal)
  deadline.clear()
  return problemOf(outcome)
})

function problemOf(outcome: Outcome): string | undefined {
  if (outcome.kind === 'ok') return undefined
  return 'reason' in outcome ? outcome.reason : outcome.kind
}
