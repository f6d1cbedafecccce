import type { Finding } from './finding.ts'

/** Whether the commands have the rights that they need; a trial needs none, but shows nothing of the system. */
export function judgeRoot(uid: number, trial: string | undefined): Finding[] {
  if (trial !== undefined) return [{ grade: 'note', what: 'trial', values: { root: trial } }]
  return [
    uid === 0
      ? { grade: 'ok', what: 'root' }
      : { grade: 'failure', what: 'notRoot', values: { uid } },
  ]
}
