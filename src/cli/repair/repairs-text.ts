import { localTime } from '../monitor/disp-text.ts'
import type { Absence } from '../../repair/built-in-steps.ts'
import type { JournalEntry } from '../../repair/journal.ts'
import { fill } from '../texts.ts'
import { displayWidth, harmless } from '../view/columns.ts'
import { obstacleText } from './obstacle.ts'
import type { RepairTexts } from './repair-texts.ts'
import type { ConfiguredStep, RepairsSeen } from './repairs-seen.ts'

/** Everything about repairs as a person reads it. */
export function repairsText(seen: RepairsSeen, file: string, texts: RepairTexts): string {
  const { builtIn, steps, enabled, limits, lately, problem, underWay } = seen
  const commandText = (found: { command: readonly string[] } | { absence: Absence }): string =>
    'command' in found
      ? found.command.join(' ')
      : fill(texts.notHere, { reason: obstacleText(found.absence, texts) })
  const parts = [
    texts.builtIn,
    ...table(texts.builtInHeading, builtIn, (one) => [
      one.name,
      one.kind,
      one.causes.join(' '),
      commandText(one),
    ]),
    '',
    fill(texts.configured, { file }),
  ]
  if (limits === undefined) parts.push(`  ${texts.off}`)
  else {
    if (!enabled) parts.push(`  ${texts.disabled}`)
    parts.push(
      ...table(texts.stepHeading, steps, (step) => [
        step.name,
        step.kind,
        step.causes.join(' '),
        step.builtIn ? commandText(step.program) : `${commandText(step.program)} ${texts.secret}`,
        `${step.limitS} s`,
        step.watches?.join(' ') ?? texts.allWatches,
        mayBegin(step, seen, texts),
      ]),
      `  ${fill(texts.total, { total: limits.totalS, settle: limits.settleS, wait: limits.waitS })}`,
      `  ${fill(texts.limits, { hour: seen.lastHour, day: seen.lastDay, perHour: limits.perHour, perDay: limits.perDay })}`,
    )
  }
  parts.push('')
  if (underWay !== undefined) {
    const { step, watch, leader, isOrphan } = underWay
    const text = isOrphan ? texts.orphan : texts.underWay
    parts.push(fill(text, { step, watch, pid: leader.pid }), '')
  }
  if (seen.damaged !== undefined) parts.push(fill(texts.damaged, { file: seen.damaged }))
  else if (problem !== undefined) parts.push(fill(texts.unreadable, { reason: problem }))
  else if (lately.length === 0) parts.push(texts.never)
  else {
    parts.push(
      texts.lately,
      ...table(texts.latelyHeading, lately, (entry) => [
        localTime(entry.at),
        entry.watch,
        entry.step,
        entry.cause,
        entry.end === undefined ? texts.unknownEnd : endText(entry.end, texts),
        entry.end === undefined
          ? texts.unknownEnd
          : entry.mended === true
            ? texts.helped
            : texts.notHelped,
      ]),
    )
  }
  return parts.map((line) => `${line}\n`).join('')
}

/** How a step ended; what a program says of itself is in no language of ours. */
function endText({ how, why, ms }: NonNullable<JournalEntry['end']>, texts: RepairTexts): string {
  const known = how === 'done' || how === 'failed' ? why : fill(texts.end[how], { why })
  return `${known} (${ms} ms)`
}

function mayBegin(
  { obstacle, forbidden }: ConfiguredStep,
  { enabled, problem }: RepairsSeen,
  texts: RepairTexts,
): string {
  if (!enabled) return texts['off-now']
  if (obstacle !== undefined) return fill(texts.no, { reason: obstacleText(obstacle, texts) })
  if (problem !== undefined) return texts.unknown
  switch (forbidden?.why) {
    case undefined:
      return texts.yes
    case 'per-hour':
    case 'per-day':
      return fill(texts[forbidden.why], { limit: forbidden.limit })
    case 'broken-off':
      return fill(texts['broken-off'], { at: localTime(forbidden.at) })
  }
}

function table<T>(
  heading: readonly string[],
  rows: readonly T[],
  cells: (row: T) => string[],
): string[] {
  const all = [heading, ...rows.map((row) => cells(row).map(harmless))]
  const widths = heading.map((_, column) =>
    Math.max(...all.map((row) => displayWidth(row[column] ?? ''))),
  )
  return all.map((row) =>
    `  ${row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - displayWidth(cell))).join('  ')}`.trimEnd(),
  )
}
