import { compose } from '../../../alert/catalogue.ts'
import type { Finding } from '../../../doctor/finding.ts'
import type { SeenWatch } from '../../../view/watches.ts'
import type { Cause } from '../../../probe/probe.ts'
import { Check } from '../../../watch/check.ts'
import { systemClock } from '../../../watch/clock.ts'
import { explainAlert } from '../../explain-alert.ts'
import type { Io } from '../../io.ts'
import { composeProbe } from '../../monitor/compose-probe.ts'
import type { CommandName } from '../../monitor/option-table.ts'
import type { MonitorSettings } from '../../monitor/monitor-request.ts'
import { ParameterError } from '../../parameter-error.ts'
import type { Language } from '../../texts.ts'
import type { ConfiguredWatch } from './configured-watches.ts'

/** So long a check may take here, whatever the watch would wait. */
const longestMs = 20_000

/** So many servers are asked at once. */
const atOnce = 8

/** How long so many checks may take together. */
export function checksLimitMs(watches: readonly ConfiguredWatch[]): number {
  const asked = watches.filter(({ running }) => running === undefined).length
  return Math.min(600_000, (Math.ceil(asked / atOnce) + 1) * (longestMs + 5000))
}

/**
 * Whether every watch finds its server well. One that runs asks by itself, by its own login, so that
 * its last verdict is what counts; the others are asked for once, as `--check` does.
 */
export async function lookAtServers(
  watches: readonly ConfiguredWatch[],
  io: Io,
  language: Language,
  signal: AbortSignal,
): Promise<Finding[]> {
  if (watches.length === 0) return [{ grade: 'note', what: 'nothing' }]
  const findings: Finding[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (;;) {
      const at = next++
      const watch = watches[at]
      if (watch === undefined || signal.aborted) return
      findings[at] = await findingOf(watch, io, language)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return findings
}

async function findingOf(
  { id, settings, running }: ConfiguredWatch,
  io: Io,
  language: Language,
): Promise<Finding> {
  if (running !== undefined) return judgeRunning(running)
  if (settings === undefined) return { grade: 'note', what: 'nothing' }
  return check(id, settings, io, language)
}

/** What a running watch has found out by itself. */
export function judgeRunning(watch: SeenWatch): Finding {
  const { id, command, state, target, server, lastCheck } = watch
  const reason = lastCheck?.reason ?? watch.problem ?? ''
  const ms = lastCheck?.ms ?? 0
  const values = {
    id,
    command,
    state,
    target,
    address: server,
    reason,
    ms,
    at: lastCheck?.at ?? '',
  }
  if (watch.drill !== undefined) return { grade: 'note', what: 'inDrill', values }
  switch (state) {
    case 'paused':
      return { grade: 'note', what: 'paused', values }
    case 'hangs':
      return { grade: 'failure', what: 'stuck', values }
    case 'watching':
      return lastCheck?.verdict === 'ok' || lastCheck === undefined
        ? { grade: 'ok', what: 'watching', values }
        : { grade: 'warning', what: 'cannotJudge', values }
    case 'starting':
      return lastCheck === undefined
        ? { grade: 'note', what: 'starting', values }
        : { grade: 'failure', what: 'failing', values }
    case 'failing':
    case 'repairing':
    case 'abnormal':
    case 'ending':
    case 'ended':
    case 'vanished':
    case 'unreadable':
      return { grade: 'failure', what: 'failing', values }
  }
}

async function check(
  id: string,
  settings: MonitorSettings,
  io: Io,
  language: Language,
): Promise<Finding> {
  const { command, timing } = settings
  let composed
  try {
    composed = await composeProbe(settings, io)
  } catch (error) {
    // What is wrong with a login has been told by its own step.
    if (!(error instanceof ParameterError)) throw error
    return { grade: 'failure', what: 'cannotAsk', values: { id, reason: error.message } }
  }
  const { probe, target, address } = composed
  const deadlineMs = Math.min(longestMs, timing.waitS * 1000)
  const result = await new Check(probe, systemClock, deadlineMs).result
  const outcome = result?.outcome
  const values = { id, command, target, address, ms: result?.ms ?? 0 }
  if (outcome === undefined || outcome.kind === 'aborted') {
    return { grade: 'warning', what: 'cannotJudge', values: { ...values, reason: 'aborted' } }
  }
  if (outcome.kind === 'ok') return { grade: 'ok', what: 'answers', values }
  const { reason } = outcome
  if (outcome.kind === 'cannot-judge' && isAboutName(reason)) {
    return { grade: 'warning', what: 'noAddress', values: { ...values, reason } }
  }
  if (outcome.kind === 'cannot-judge' || (result?.lostMs ?? 0) > 0) {
    return { grade: 'warning', what: 'cannotJudge', values: { ...values, reason } }
  }
  const more = await explained(command, target, outcome.cause, language)
  return { grade: 'failure', what: 'fails', values: { ...values, reason, ...more } }
}

/** A name that is not found is no want of this host's. */
function isAboutName(reason: string): boolean {
  return /\blook-up of /.test(reason)
}

async function explained(
  command: CommandName,
  target: string,
  cause: Cause,
  language: Language,
): Promise<{ alert: string; action: string }> {
  const { message, id } = compose(command, target, cause)
  const text = await explainAlert(command, id, message, language)
  return { alert: message, action: text?.action ?? '' }
}
