import type { Finding } from './finding.ts'

/** A file that a cluster manager needs, and what is at its place. */
export type NeededFile = { file: string; state: 'there' | 'missing' | 'not-executable' }

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

/** Whether a cluster manager is there, and has of us what it needs. */
export function judgeCluster(facts: ClusterFacts): Finding[] {
  const { pacemaker, keepalived, systemd, exec } = facts
  const found: Finding[] = [
    ...(pacemaker === undefined ? [] : [judgeFile('pacemaker', pacemaker)]),
    ...judgeAll('keepalived', keepalived),
    ...judgeAll('systemd', systemd),
    ...judgeAll('exec', exec),
  ]
  const isManaged = [pacemaker, keepalived, exec].some((one) => one !== undefined)
  return isManaged ? found : [...found, { grade: 'note', what: 'noManager' }]
}

function judgeAll(manager: string, files: readonly NeededFile[] | undefined): Finding[] {
  if (files === undefined) return []
  if (files.length === 0) {
    return manager === 'systemd' ? [] : [{ grade: 'note', what: `${manager}Unused` }]
  }
  return files.map((file) => judgeFile(manager, file))
}

function judgeFile(manager: string, { file, state }: NeededFile): Finding {
  const values = { file }
  switch (state) {
    case 'there':
      return { grade: 'ok', what: `${manager}There`, values }
    case 'missing':
      return { grade: 'failure', what: `${manager}Missing`, values }
    case 'not-executable':
      return { grade: 'failure', what: 'notExecutable', values }
  }
}
