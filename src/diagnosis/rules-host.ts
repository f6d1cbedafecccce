import type { Cause } from './cause.ts'
import type { Facts, Program, ServerProcess } from './facts.ts'
import { cause, mostLines, type Rule } from './make-cause.ts'
import { mayBeRefused } from './may-be-refused.ts'
import type { CauseKey } from './ranking.ts'
import { disks } from './rules-disk.ts'
import { serverOf } from './server-of.ts'

const line = ({ pid, name, state }: ServerProcess): string => `pid ${pid} (${name}) state ${state}`

/** Those that no other process of the same program has started. */
export function mains(processes: readonly ServerProcess[], program: Program): ServerProcess[] {
  const its = processes.filter((each) => each.program === program)
  return its.filter(({ parent }) => !its.some(({ pid }) => pid === parent))
}

function stopped({ processes = [], configuration, target }: Facts): Cause[] {
  const needed = neededPrograms({ target, ...(configuration && { configuration }) })
  return [...needed].flatMap((program): Cause[] => {
    const still = processes.filter((one) => one.program === program && 'Tt'.includes(one.state))
    // Who only looks into one connection with a debugger stops one child, and new clients do not notice.
    if (!still.some((one) => mains(processes, program).includes(one))) return []
    return [cause('process-stopped', { program }, still.map(line))]
  })
}

/** What must run for a client to be served, as far as it is known to belong to this server. */
function neededPrograms({ target, configuration }: Facts): Set<Program> {
  return new Set<Program>([
    ...(target.kind === 'samba'
      ? (['smbd'] as const)
      : (['ganesha.nfsd', 'nfsd', 'rpc.mountd'] as const)),
    ...(configuration?.winbindBy === undefined ? [] : (['winbindd'] as const)),
    ...(target.portmapper === 'unused' ? [] : (['rpcbind'] as const)),
  ])
}

function missing(facts: Facts): Cause[] {
  const { processes, listeners, isForwarded } = facts
  if (processes === undefined || listeners === undefined || isForwarded === true) return []
  const program = serverOf(facts)
  if (program === undefined) return []
  const its = processes.filter((each) => each.program === program)
  const alive = its.filter(({ state }) => !'ZX'.includes(state))
  const at = listeners.filter(({ port }) => port === facts.target.port)
  if (alive.length > 0) return []
  const found: Cause[] = []
  const zombies = its.filter(({ state }) => state === 'Z')
  const held = at.some(({ owners }) => owners.some(({ name }) => !forwarders.has(name)))
  // Somebody who cannot be seen from here (the kernel, a container) may well be the server, and so may
  // be whoever is passed on to, or is started by the first who connects.
  if (at.length > 0 && !held) return []
  if (zombies.length > 0) found.push(cause('process-zombie', { program }, zombies.map(line)))
  else {
    const evidence = [`no process named ${program} in this network namespace`]
    if (at.length === 0) evidence.push(`nobody listens on port ${facts.target.port}`)
    if (facts.configuration?.isAbsent === true)
      evidence.push(`there is no ${facts.configuration.file}`)
    found.push(cause('process-missing', { program }, evidence))
  }
  return found
}

/** That one of many children was killed explains nothing; that nobody listens any more, it does. */
function killedForMemory(facts: Facts): Cause[] {
  const { processes, listeners, oomKills = [], target, isForwarded } = facts
  const program = serverOf(facts)
  if (isForwarded === true) return []
  if (processes === undefined || listeners === undefined || program === undefined) return []
  if (listeners.some(({ port }) => port === target.port)) return []
  const killed = oomKills.filter(({ name }) => name.startsWith(program))
  if (killed.length === 0) return []
  return [
    cause(
      'oom-killed',
      { program },
      killed.map(({ line: text }) => text),
    ),
  ]
}

/** Those who pass connections on to a server elsewhere, or start one for them, hold its port by right. */
const forwarders: ReadonlySet<string> = new Set([
  'haproxy',
  'nginx',
  'envoy',
  'traefik',
  'socat',
  'ssh',
  'stunnel',
  'stunnel4',
  'docker-proxy',
  'rootlessport',
  'rootlesskit',
  'slirp4netns',
  'pasta',
  'pasta.avx2',
  'conmon',
  'systemd',
  'systemd-socket-',
  'xinetd',
  'inetd',
  'ctdbd',
])

function portTaken(facts: Facts): Cause[] {
  const { listeners = [], target } = facts
  const program = serverOf(facts)
  if (program === undefined) return []
  const ports = [target.port, ...(target.portmapper === 'needed' ? [111] : [])]
  return ports.flatMap((port): Cause[] => {
    const owners = listeners.filter((each) => each.port === port).flatMap((each) => each.owners)
    const isServed = owners.some(
      (owner) => owner.program !== undefined || forwarders.has(owner.name),
    )
    const [other] = owners
    if (other === undefined || isServed) return []
    const evidence = owners.map(({ pid, name }) => `port ${port} is held by pid ${pid} (${name})`)
    return [cause('port-taken', { port, holder: other.name, pid: other.pid }, evidence)]
  })
}

function listening(facts: Facts): Cause[] {
  const { processes = [], listeners, target, isForwarded } = facts
  const program = serverOf(facts)
  if (listeners === undefined || program === undefined || isForwarded === true) return []
  const alive = processes.filter((one) => one.program === program && !'ZX'.includes(one.state))
  const at = listeners.filter(({ port }) => port === target.port)
  if (alive.length === 0) return []
  if (at.length === 0) {
    const evidence = [
      ...alive.slice(0, mostLines).map(line),
      `nobody listens on port ${target.port} at an address that the target's reaches`,
    ]
    return [cause('not-listening', { program, port: target.port }, evidence)]
  }
  const full = at.filter(({ waiting, most = usualMost }) =>
    // The kernel takes one more than it was told.
    waiting.every((count) => count > most),
  )
  const [first] = full
  if (first === undefined) return []
  const evidence = full.map(
    ({ address, port, waiting, most }) =>
      `${address}:${port}: ${waiting.join(', then ')} connections wait, ${most ?? 'an unknown number'} may`,
  )
  return [
    cause('backlog-full', { program, waiting: first.waiting[1], port: target.port }, evidence),
  ]
}

/** Of Samba; where nothing tells, more than these that are not accepted for a second are no load. */
const usualMost = 50

function winbindMissing({ processes, configuration }: Facts): Cause[] {
  const by = configuration?.winbindBy
  if (processes === undefined || by === undefined) return []
  if (processes.some((one) => one.program === 'winbindd' && one.state !== 'Z')) return []
  return [cause('winbind-missing', {}, [by, 'no process named winbindd'])]
}

function rpcMissing(facts: Facts): Cause[] {
  const { processes, listeners, target, configuration } = facts
  if (processes === undefined || listeners === undefined || target.kind !== 'nfs') return []
  const found: Cause[] = []
  const isNeeded =
    target.portmapper === 'needed' ||
    (target.portmapper === 'perhaps' && configuration?.servesVersion3 === true)
  const hasRpcbind = processes.some((one) => one.program === 'rpcbind' && one.state !== 'Z')
  if (isNeeded && !hasRpcbind && !listeners.some(({ port }) => port === 111)) {
    const evidence = ['no process named rpcbind', 'nobody listens on port 111']
    found.push(cause('rpcbind-missing', {}, evidence))
  }
  const isKernels = processes.some(({ program }) => program === 'nfsd')
  if (isNeeded && isKernels && !processes.some((one) => one.program === 'rpc.mountd')) {
    found.push(cause('mountd-missing', {}, ['nfsd runs', 'no process named rpc.mountd']))
  }
  return found
}

/** A call more may need several at once. */
const fewFiles = 2

function files({ files: all = [], fileTable, processes = [] }: Facts): Cause[] {
  const found: Cause[] = []
  const full = all.filter(
    ({ pid, program, free }) =>
      // One client that has used up its own process harms no other.
      free <= fewFiles &&
      (program !== 'smbd' || mains(processes, 'smbd').some((one) => one.pid === pid)),
  )
  const [first] = full
  if (first !== undefined) {
    const evidence = full.map(
      ({ pid, name, open, limit }) => `pid ${pid} (${name}): ${open} files open, limit ${limit}`,
    )
    const { program, open, limit } = first
    found.push(cause('fd-limit', { program, open, limit }, evidence))
  }
  if (fileTable !== undefined && fileTable.open >= fileTable.most * 0.99) {
    const { open, most } = fileTable
    found.push(
      cause('file-table-full', { open, most }, [`/proc/sys/fs/file-nr: ${open} of ${most}`]),
    )
  }
  return found
}

function blocked({ blocked: threads = [] }: Facts): Cause[] {
  const [first] = threads
  if (first === undefined) return []
  const evidence = threads
    .slice(0, mostLines)
    .map(
      ({ pid, tid, name, wchan, forMs }) =>
        `pid ${pid} thread ${tid} (${name}) state D for ${forMs} ms${wchan === '' ? '' : ` in ${wchan}`}`,
    )
  return [cause('process-blocked', { program: first.program, count: threads.length }, evidence)]
}

function configurationOf({ configuration, target }: Facts): Cause[] {
  if (configuration === undefined) return []
  const { file, invalid, hasResource, program } = configuration
  if (invalid !== undefined) {
    const key = program === 'smbd' ? 'smb-conf-invalid' : 'exports-invalid'
    return [
      cause(
        key,
        { file },
        invalid.map((text) => `${file}: ${text}`),
      ),
    ]
  }
  if (hasResource !== false || target.resource === undefined || !mayBeRefused(target)) return []
  const key = program === 'smbd' ? 'share-missing' : 'export-missing'
  return [
    cause(key, { file, resource: target.resource }, [
      `${file}: nothing of ${target.resource} in it`,
    ]),
  ]
}

function grace({ grace: found, target }: Facts): Cause[] {
  if (target.kind !== 'nfs') return []
  if (found !== undefined) return [cause('grace-period', { program: found.program }, [found.line])]
  if (target.failure !== 'grace') return []
  return [
    cause('grace-period', { program: 'nfs' }, [
      'the server answered that it is in its grace period',
    ]),
  ]
}

function pressureOf({ pressure, target }: Facts): Cause[] {
  const { memoryFull = 0, ioFull = 0, cpuSome = 0 } = pressure ?? {}
  return [
    ...(memoryFull >= 20 ? [pressed('memory-pressure', memoryFull, 'memory: full')] : []),
    // These two are high on many a host that is busy and well: only beside a check that came to its limit.
    ...(ioFull >= 60 && target.failure === 'timeout'
      ? [pressed('io-pressure', ioFull, 'io: full')]
      : []),
    ...(cpuSome >= 80 && target.failure === 'timeout'
      ? [pressed('cpu-pressure', cpuSome, 'cpu: some')]
      : []),
  ]
}

function pressed(key: CauseKey, percent: number, what: string): Cause {
  return cause(key, { percent: Math.round(percent) }, [`/proc/pressure/${what} avg10=${percent}`])
}

/** What can be wrong on the host that the server runs on. */
export const hostRules: readonly Rule[] = [
  stopped,
  missing,
  killedForMemory,
  portTaken,
  listening,
  winbindMissing,
  rpcMissing,
  files,
  blocked,
  disks,
  configurationOf,
  grace,
  pressureOf,
]
