import type { Finding } from './finding.ts'

const least = 20

/** Whether the program runs on a Node that it was made for. */
export function judgeNode(version: string): Finding[] {
  const isFit = Number(/^v?(\d+)/.exec(version)?.[1] ?? 0) >= least
  return [
    {
      grade: isFit ? 'ok' : 'failure',
      what: isFit ? 'fits' : 'tooOld',
      values: { version, least },
    },
  ]
}
