import type { Outcome } from '../../../src/probe/probe.ts'

const errnos: readonly [RegExp, number][] = [
  [/Connection refused/, 111],
  [/Connection reset/, 104],
  [/No route to host/, 113],
]

/** An outcome in the words of the table: stage, kind of failure, error number or status. */
export function verdict(outcome: Outcome): string {
  if (outcome.kind !== 'failed') return outcome.kind
  const { stage, failure, cause } = outcome
  const { text = '' } = cause
  const number = errnos.find(([words]) => words.test(text))?.[1]
  const status = /\(([A-Z0-9_]+)\)/.exec(text)?.[1]
  const named = failure === 'refused' || failure === 'grace' ? (status ?? text) : number
  return [stage, failure, named].filter((word) => word !== undefined).join(' ')
}
