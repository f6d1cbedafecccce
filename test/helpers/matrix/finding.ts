import { appendFileSync } from 'node:fs'
import { join } from 'node:path'

/** What one cell of the matrix was to say, and what it said. */
export type Finding = {
  server: string
  fault: string
  depth: string
  phase: string
  expected: string
  seen: string
  isExpected: boolean
  /** how often it was tried, because a verdict did not count or was one of several */
  tries: number
  /** by how much the check outlived its deadline, in all and without our own timer's lateness */
  dueMs: number
  toldMs: number
}

/** How many cells of a server are to be tried, so that none gets lost. */
export type Plan = { server: string; planned: number }

/** Adds a finding to those of this run, where somebody collects them. */
export function note(finding: Finding | Plan): void {
  const directory = process.env.CLP_FSMON_FINDINGS
  if (directory === undefined) return
  appendFileSync(join(directory, `${process.pid}.jsonl`), `${JSON.stringify(finding)}\n`)
}
