/** How grave it is; only what keeps a watch from doing its work is a failure. */
export const grades = ['ok', 'note', 'warning', 'failure'] as const
export type Grade = (typeof grades)[number]

/** What a step has found; the words for it, and the remedy, are in the texts under its name. */
export type Finding = {
  grade: Grade
  what: string
  values?: Readonly<Record<string, string | number>>
  /** Mends it, where that is safe. */
  mend?: () => Promise<void>
}

/** One step of the look-over; what it finds is told in this order. */
export type Step = {
  name: string
  look: (signal: AbortSignal) => Promise<Finding[]>
  /** where it may take longer than others */
  limitMs?: () => number
}

/** A finding that was mended, or why it could not be. */
export type Mended = { finding: Finding; problem?: string }

/** What became of a step. */
export type StepResult = { name: string; ms: number; findings: Finding[]; mended: Mended[] }

/** The gravest grade among findings. */
export function gravest(findings: readonly Pick<Finding, 'grade'>[]): Grade {
  return grades.findLast((grade) => findings.some((one) => one.grade === grade)) ?? 'ok'
}
