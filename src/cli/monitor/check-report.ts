import type { Outcome } from '../../probe/probe.ts'
import { fill, type Texts } from '../texts.ts'

/** What an alert says, and what its reader may do about it. */
export type Explanation = { text: string; cause: string; action: string }

/** What a single check found, for a person: each stage with its time, the verdict, and what to do. */
export function checkReport(
  outcome: Outcome,
  explanation: Explanation | undefined,
  texts: Texts,
): string {
  const words = texts.check
  const total = outcome.stages.reduce((sum, { ms }) => sum + ms, 0)
  const width = Math.max(0, ...outcome.stages.map(({ name }) => name.length))
  const lines = outcome.stages.map(({ name, ms }) => {
    const failedHere = outcome.kind !== 'ok' && 'stage' in outcome && name === outcome.stage
    return `  ${name.padEnd(width)}  ${milliseconds(ms).padStart(9)} ms${failedHere ? '  ✗' : ''}`
  })
  if ('detail' in outcome && Object.keys(outcome.detail).length > 0) {
    const seen = Object.entries(outcome.detail).map(([name, value]) => `${name}=${value}`)
    lines.push(fill(words.seen, { text: seen.join(' ') }))
  }
  const values = {
    ms: milliseconds(total),
    ...('stage' in outcome && { stage: outcome.stage, reason: outcome.reason }),
  }
  lines.push(fill(verdictOf(outcome, words), values))
  if (explanation !== undefined) {
    lines.push(
      fill(words.alert, { text: explanation.text }),
      fill(words.cause, { text: explanation.cause }),
      fill(words.action, { text: explanation.action }),
    )
  }
  return `${lines.join('\n')}\n`
}

function verdictOf(outcome: Outcome, words: Texts['check']): string {
  switch (outcome.kind) {
    case 'ok':
      return words.ok
    case 'failed':
      return words.failed
    case 'cannot-judge':
    case 'aborted':
      return words.cannotJudge
  }
}

function milliseconds(ms: number): string {
  return ms.toFixed(ms < 100 ? 2 : 0)
}
