import type { Finding } from './finding.ts'

/** A file that a cluster manager needs, what is at its place, and the template that it comes from. */
export type NeededFile = {
  file: string
  state: 'there' | 'missing' | 'not-executable' | 'different'
  source?: string
}

/** What is known of those who start and stop monitors here. */
export type ClusterFacts = {
  /** the resource agent, where Pacemaker is */
  pacemaker: NeededFile | undefined
  /** the scripts that keepalived's configuration names, where keepalived is */
  keepalived: readonly NeededFile[] | undefined
  /** the units of watches that have settings here, where systemd is */
  systemd: readonly NeededFile[] | undefined
  /** scripts of EXEC resources that start our monitors, where the cluster product is */
  exec: readonly NeededFile[] | undefined
}

/** Whether a cluster manager is there, and has of us what it needs; `id` is that of the monitor, where there is one. */
export function judgeCluster(facts: ClusterFacts, id = 'ID'): Finding[] {
  const { pacemaker, keepalived, systemd, exec } = facts
  const found: Finding[] = [
    ...(pacemaker === undefined ? [] : [judgeFile('pacemaker', pacemaker, id)]),
    ...judgeAll('keepalived', keepalived, id),
    ...judgeAll('systemd', systemd, id),
    ...judgeAll('exec', exec, id),
  ]
  const isManaged = [pacemaker, keepalived, exec].some((one) => one !== undefined)
  return isManaged ? found : [...found, { grade: 'note', what: 'noManager' }]
}

function judgeAll(
  manager: string,
  files: readonly NeededFile[] | undefined,
  id: string,
): Finding[] {
  if (files === undefined) return []
  if (files.length === 0) {
    return manager === 'systemd' ? [] : [{ grade: 'note', what: `${manager}Unused` }]
  }
  return files.map((file) => judgeFile(manager, file, id))
}

function judgeFile(manager: string, { file, state, source = '' }: NeededFile, id: string): Finding {
  const values = { file, source, id }
  switch (state) {
    case 'there':
      return { grade: 'ok', what: `${manager}There`, values }
    case 'missing':
      return { grade: 'failure', what: `${manager}Missing`, values }
    case 'not-executable':
      return { grade: 'failure', what: 'notExecutable', values }
    case 'different':
      return { grade: 'warning', what: `${manager}Differs`, values }
  }
}
