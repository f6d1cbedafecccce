/** When a process that watches several servers ends: with the first that is abnormal, the last, or a whole group. */
export const exitPolicies = ['any', 'all', 'group'] as const
export type ExitPolicy = (typeof exitPolicies)[number]

/** What one of several watches has come to. */
export type Standing = 'watching' | 'abnormal' | 'own-trouble' | 'stopped'

/** One of several watches, as far as the end of all depends on it. */
export type Member = { group: string; standing: Standing }

/**
 * How all of them end now, or undefined while they go on. Those that were stopped have no say; a
 * watch that cannot judge never makes a group abnormal, but with nobody left who can, it ends.
 */
export function fleetEnding(
  members: readonly Member[],
  policy: ExitPolicy,
): { exitStatus: 0 | 1 | 5 } | undefined {
  const asked = members.filter(({ standing }) => standing !== 'stopped')
  if (asked.length === 0) return { exitStatus: 0 }
  if (policy === 'any') {
    if (asked.some(({ standing }) => standing === 'abnormal')) return { exitStatus: 1 }
    if (asked.some(({ standing }) => standing === 'own-trouble')) return { exitStatus: 5 }
    return undefined
  }
  const groups = policy === 'all' ? [asked] : grouped(asked)
  const lost = groups.filter((group) => group.every(({ standing }) => standing !== 'watching'))
  if (lost.length === 0) return undefined
  const isCertain = lost.some((group) => group.every(({ standing }) => standing === 'abnormal'))
  return { exitStatus: isCertain ? 1 : 5 }
}

function grouped(members: readonly Member[]): Member[][] {
  const groups = new Map<string, Member[]>()
  for (const member of members) {
    const group = groups.get(member.group)
    if (group === undefined) groups.set(member.group, [member])
    else group.push(member)
  }
  return [...groups.values()]
}
