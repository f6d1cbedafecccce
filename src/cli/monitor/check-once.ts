import { compose } from '../../alert/catalogue.ts'
import { systemClock } from '../../watch/clock.ts'
import { Deadline } from '../../watch/deadline.ts'
import type { Outcome } from '../../probe/probe.ts'
import { explainAlert } from '../explain-alert.ts'
import type { Io } from '../io.ts'
import { fill, type Language, type Texts } from '../texts.ts'
import { checkReport, type Explanation } from './check-report.ts'
import { composeProbe } from './compose-probe.ts'
import type { MonitorSettings } from './monitor-request.ts'

/** What a single check needs. */
export type CheckJob = {
  settings: MonitorSettings
  json: boolean
  language: Language
  texts: Texts
  io: Io
}

/** Checks once, without a record or an alert, and says what it found; resolves with the exit status. */
export async function checkOnce({
  settings,
  json,
  language,
  texts,
  io,
}: CheckJob): Promise<number> {
  const { command, depth, timing } = settings
  const { probe, target, address } = await composeProbe(settings, io)
  const values = { command, target, address, seconds: timing.waitS, depth }
  if (!json) io.out(`${fill(texts.check.target, values)}\n`)
  const deadline = new Deadline(systemClock, timing.waitS * 1000)
  const outcome = await probe(deadline.signal)
  deadline.clear()
  if (json) io.out(`${JSON.stringify({ ...values, outcome })}\n`)
  else io.out(checkReport(outcome, await explanationOf(outcome, settings, target, language), texts))
  return statusOf(outcome)
}

function statusOf(outcome: Outcome): number {
  switch (outcome.kind) {
    case 'ok':
      return 0
    case 'failed':
      return 1
    case 'cannot-judge':
    case 'aborted':
      return 5
  }
}

async function explanationOf(
  outcome: Outcome,
  { command }: MonitorSettings,
  target: string,
  language: Language,
): Promise<Explanation | undefined> {
  if (!('cause' in outcome)) return undefined
  const { message, id } = compose(command, target, outcome.cause)
  const explained = await explainAlert(command, id, message, language)
  return { text: message, cause: explained?.cause ?? '', action: explained?.action ?? '' }
}
