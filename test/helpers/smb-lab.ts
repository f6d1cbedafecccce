import type { Test } from 'tap'
import type { Outcome } from '../../src/probe/probe.ts'
import { type SambaTarget, sambaProbe } from '../../src/probe/samba.ts'
import { Credentials } from '../../src/smb/auth/credentials.ts'

export const labuser = Credentials.user('labuser', 'Lab-Pass1')

/** One check of the lab's Samba; a deadline that is met is never the reason for what comes out. */
export function checkLab(
  host: string,
  more: Partial<SambaTarget> = {},
  deadlineMs = 60_000,
): Promise<Outcome> {
  const target: SambaTarget = {
    host,
    port: 445,
    share: 'user',
    depth: 'share',
    credentials: labuser,
    encrypt: false,
    ...more,
  }
  return sambaProbe(target)(AbortSignal.timeout(deadlineMs))
}

/** What is expected of a check: words of the detail, or `stage id[nn]` of a failure. */
export type Expected = Readonly<Record<string, string>> | string | RegExp

/** One line of a table for people: who asked what, and what came of it. */
export function report(t: Test, name: string, outcome: Outcome): void {
  const took = outcome.stages.reduce((sum, { ms }) => sum + ms, 0).toFixed(1)
  t.comment(
    `${name.padEnd(44)} ${summary(outcome).padEnd(24)} ${took.padStart(8)} ms  ${settled(outcome)}`,
  )
}

/** An outcome in the words of the alerts: `ok`, or `stage id[nn]`. */
export function summary(outcome: Outcome): string {
  if (outcome.kind !== 'failed') return outcome.kind
  const { id, nn } = outcome.cause
  return `${outcome.stage} ${id}${nn === undefined ? '' : `[${nn}]`}`
}

function settled(outcome: Outcome): string {
  if (outcome.kind === 'aborted') return ''
  const { dialect, signing, cipher, session, share, ntStatus } = outcome.detail
  return [dialect, session, signing, cipher, share, ntStatus]
    .filter((word) => word !== undefined)
    .join(' ')
}

/** Holds a check to what is expected of it, and shows it. */
export function expectOutcome(t: Test, name: string, outcome: Outcome, expected: Expected): void {
  report(t, name, outcome)
  if (typeof expected === 'string') {
    t.equal(summary(outcome), expected, name)
  } else if (expected instanceof RegExp) {
    t.match(summary(outcome), expected, name)
  } else {
    t.match(outcome, { kind: 'ok', detail: expected }, name)
  }
}

/** A check that is to run into its deadline: how it ended, and how much later than it should have. */
export async function checkLate(
  host: string,
  deadlineMs: number,
  more: Partial<SambaTarget> = {},
): Promise<{ outcome: Outcome; lateMs: number }> {
  const began = performance.now()
  const outcome = await checkLab(host, more, deadlineMs)
  return { outcome, lateMs: performance.now() - began - deadlineMs }
}
