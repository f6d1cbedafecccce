import type { Outcome, Stage } from '../../probe/probe.ts'
import { fill, type Texts } from '../texts.ts'
import type { CommandName } from './option-table.ts'
import type { Thresholds } from './monitor-request.ts'

/** What the line of a Nagios plugin is made of. */
export type NagiosResult = {
  command: CommandName
  target: string
  address: string
  outcome: Outcome
  /** how long the whole check took */
  ms: number
  /** how long it might have taken */
  deadlineS: number
  thresholds: Thresholds
}

const statuses = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const
type Level = keyof typeof statuses

/** What a plugin prints, and its exit status. */
export type NagiosLine = { line: string; status: 0 | 1 | 2 | 3 }

/** The one line and the exit status that Nagios and Icinga expect of a plugin. */
export function nagiosLine(result: NagiosResult, texts: Texts): NagiosLine {
  const { command, target, address, outcome, ms, deadlineS, thresholds } = result
  const { warningS, criticalS } = thresholds
  const level = levelOf(outcome, ms / 1000, thresholds)
  const values = {
    target,
    address,
    seconds: seconds(ms),
    limit: (level === 'critical' ? criticalS : warningS) ?? '',
    reason: 'reason' in outcome ? outcome.reason : outcome.kind,
  }
  const figures = [
    `time=${seconds(ms)}s;${warningS ?? ''};${criticalS ?? ''};0;${deadlineS}`,
    ...summed(outcome.stages).map(([name, total]) => `${label(name)}=${seconds(total)}s;;;0`),
  ]
  return lineOf(command, level, fill(texts.nagios[wordsFor(outcome, level)], values), figures)
}

/** What a plugin says that could not even begin. */
export function nagiosUnknown(command: CommandName, reason: string): NagiosLine {
  return lineOf(command, 'unknown', reason, [])
}

function lineOf(
  command: CommandName,
  level: Level,
  text: string,
  figures: readonly string[],
): NagiosLine {
  const service = command === 'clp_sambamon' ? 'SAMBA' : 'NFS'
  // A bar would begin the figures, and Nagios reads one line only.
  const plain = text.replaceAll('|', '/').replace(/\s+/g, ' ').trim()
  const behind = figures.length === 0 ? '' : ` | ${figures.join(' ')}`
  return {
    line: `${service} ${level.toUpperCase()} - ${plain}${behind}\n`,
    status: statuses[level],
  }
}

function levelOf(outcome: Outcome, tookS: number, { warningS, criticalS }: Thresholds): Level {
  switch (outcome.kind) {
    case 'ok':
      if (criticalS !== undefined && tookS > criticalS) return 'critical'
      return warningS !== undefined && tookS > warningS ? 'warning' : 'ok'
    case 'failed':
      return 'critical'
    case 'cannot-judge':
    case 'aborted':
      return 'unknown'
  }
}

function wordsFor(outcome: Outcome, level: Level): keyof Texts['nagios'] {
  if (outcome.kind === 'ok') return level === 'ok' ? 'ok' : 'slow'
  return outcome.kind === 'failed' ? 'failed' : 'cannotJudge'
}

/** A label stands once; a stage may have been gone through more often. */
function summed(stages: readonly Stage[]): [string, number][] {
  const totals = new Map<string, number>()
  for (const { name, ms } of stages) totals.set(name, (totals.get(name) ?? 0) + ms)
  return [...totals]
}

function label(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll(/['=|]/g, '_')}'`
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}
