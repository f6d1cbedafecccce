import { compose } from '../../alert/catalogue.ts'
import { systemClock } from '../../watch/clock.ts'
import { Check, type CheckResult } from '../../watch/check.ts'
import type { Outcome, Probe } from '../../probe/probe.ts'
import { explainAlert } from '../explain-alert.ts'
import type { Io } from '../io.ts'
import type { Defaults } from '../settings/settings.ts'
import { fill, type Language, type Texts } from '../texts.ts'
import { checkReport, type Explanation } from './check-report.ts'
import { composeProbe } from './compose-probe.ts'
import type { MonitorSettings, Thresholds } from './monitor-request.ts'

/** What a single check needs. */
export type CheckJob = {
  settings: MonitorSettings
  json: boolean
  /** one line for Nagios */
  nagios?: Thresholds
  /** values that come from the configuration, and its file */
  defaults?: Defaults
  file?: string
  language: Language
  texts: Texts
  io: Io
}

/** So often a check is tried that this process itself spoils. */
const mostAttempts = 3

/** Checks once, without a record or an alert, and says what it found; resolves with the exit status. */
export async function checkOnce({
  settings,
  json,
  nagios,
  defaults = {},
  file = '',
  language,
  texts,
  io,
}: CheckJob): Promise<number> {
  const { command, depth, timing } = settings
  const { probe, target, address } = await composeProbe(settings, io)
  const values = { command, target, address, seconds: timing.waitS, depth }
  if (!json && nagios === undefined) io.out(`${fill(texts.check.target, values)}\n`)
  if (!json && nagios === undefined && Object.keys(defaults).length > 0) {
    const { defaultsText } = await import('./defaults-text.ts')
    io.out(await defaultsText(file, defaults, language))
  }
  const { outcome, ms } = await checkUndisturbed(probe, timing.waitS * 1000)
  if (nagios !== undefined) {
    const { nagiosLine } = await import('./nagios-line.ts')
    const facts = { command, target, address, outcome, ms, deadlineS: timing.waitS }
    const { line, status } = nagiosLine({ ...facts, thresholds: nagios }, texts)
    io.out(line)
    return status
  }
  if (json)
    io.out(
      `${JSON.stringify({ ...values, ...(Object.keys(defaults).length > 0 && { defaults }), outcome })}\n`,
    )
  else io.out(checkReport(outcome, await explanationOf(outcome, settings, target, language), texts))
  return statusOf(outcome)
}

/** Checks again when this process stood still meanwhile; if it always does, nothing is known of the server. */
async function checkUndisturbed(
  probe: Probe,
  deadlineMs: number,
): Promise<Pick<CheckResult, 'outcome' | 'ms'>> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await new Check(probe, systemClock, deadlineMs).result
    if (result === undefined) return { outcome: { kind: 'aborted', stages: [] }, ms: 0 }
    const { outcome, lostMs, ms } = result
    if (outcome.kind !== 'failed' || lostMs === 0) return { outcome, ms }
    if (attempt === mostAttempts) {
      const { stages, stage, cause, detail } = outcome
      const reason = `this process stood still for ${lostMs} ms: ${outcome.reason}`
      return { outcome: { kind: 'cannot-judge', stages, stage, cause, reason, detail }, ms }
    }
  }
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
