import type { ProcessIdentity } from '../registry/process-identity.ts'

/** What can be wrong with a monitor: it is gone without a word, stands still, or checks too late. */
export type Trouble = 'vanished' | 'hangs' | 'late'

/** A process of which something was found, named by the ID that stands for it. */
export type Finding = {
  trouble: Trouble
  id: string
  command: string
  target: string
  process: ProcessIdentity
  /** the other IDs of the same process of which the same is true */
  others: readonly string[]
  /** how long it has been silent, or how late it is */
  ms: number
}

/** The alert that tells of a trouble. */
export function alertOf(trouble: Trouble): 130 | 131 {
  return trouble === 'vanished' ? 130 : 131
}

/** Tells one episode from another: what is alerted of a process is alerted once. */
export function keyOf({ trouble, process }: Pick<Finding, 'trouble' | 'process'>): string {
  return `${alertOf(trouble)} ${process.pid} ${process.startTicks} ${process.bootId}`
}

/** So many of the IDs that share a process are named. */
const mostNamed = 5

/** What an alert says of a finding. */
export function findingText({ trouble, id, process, others, ms }: Finding): string {
  const named = others.slice(0, mostNamed).join(', ')
  const more = others.length - mostNamed
  const together = others.length === 0 ? '' : ` with ${named}${more > 0 ? ` and ${more} more` : ''}`
  const who = `${id}${together} (process ${process.pid})`
  const seconds = Math.round(ms / 1000)
  switch (trouble) {
    case 'vanished':
      return who
    case 'hangs':
      return `${who} hangs, silent for ${seconds} s`
    case 'late':
      return `${who} runs late, by ${seconds} s`
  }
}
