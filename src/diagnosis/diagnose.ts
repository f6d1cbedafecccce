import type { Cause } from './cause.ts'
import { configurationFile, ganeshaLog } from './configuration-file.ts'
import type { Configuration, Facts, Program, ServerProcess, Sources, Target } from './facts.ts'
import { lookAtDirectories, type Wanted } from './gather-directories.ts'
import { gracePeriod, groupOomKills, kernelOomKills, pressure } from './gather-host.ts'
import { listenersOn, listenersSeen, mostWaiting, ownersOf } from './gather-listeners.ts'
import { reach } from './gather-network.ts'
import {
  fileTable,
  openFiles,
  serverProcesses,
  stillBlocked,
  threadsInD,
  type ThreadLook,
} from './gather-processes.ts'
import { hasOtherRoot } from './has-other-root.ts'
import { isTaken } from './is-taken.ts'
import { judge } from './judge.ts'
import { nfsConfiguration } from './nfs-configuration.ts'
import { programIn, runProgram } from './run-program.ts'
import { sambaConfiguration } from './samba-configuration.ts'
import { serverOf } from './server-of.ts'

/** What is known after a step; the causes of all steps so far. */
export type Step = { step: string; ms: number; causes: Cause[] }

/** How often, and how long in all, threads are looked at that do not move: under load a disk may take a second. */
const looks = 4
const lookedForMs = 3000

/** How long `ss` may take. */
const queuesMs = 1000

/** How long a connection may take that stays on this host. */
const connectMs = 500

/** How long a file system may take to say how full it is. */
const diskMs = 2000

const portmapperPort = 111

/** What the service of each kind is made of; what else runs here is nobody's cause. */
const programsOf = {
  samba: ['smbd', 'winbindd', 'ksmbd'],
  nfs: ['ganesha.nfsd', 'nfsd', 'rpcbind', 'rpc.mountd'],
} as const satisfies Record<Target['kind'], readonly Program[]>

/**
 * Finds out step by step what keeps a server from serving, without changing anything. The steps that cannot
 * hang come first; whoever ends it early keeps what the steps before have found.
 */
export async function* diagnose(
  target: Target,
  signal: AbortSignal,
  { root, programs }: Sources,
): AsyncGenerator<Step> {
  const facts: Facts = { target }
  let began = performance.now()
  const after = (step: string): Step => {
    const ms = Math.round(performance.now() - began)
    began = performance.now()
    return { step, ms, causes: judge(facts) }
  }
  const ports = [target.port, ...(target.portmapper === 'unused' ? [] : [portmapperPort])]
  facts.processes = processesOf(root, target)
  facts.network = await reach(root, target.address, signal)
  const { address = target.address, isHere } = facts.network
  const first = listenersOn(root, ports, address) ?? []
  if (!isHere) {
    facts.listeners = listenersSeen(first, first, new Map(), new Map())
    yield after('network')
    return
  }
  const threads: ThreadLook[][] = [threadsInD(root, facts.processes)]
  const lookingSince = performance.now()
  const lookAgain = async (): Promise<void> => {
    await pause(lookedForMs / (looks - 1))
    threads.push(threadsInD(root, facts.processes ?? []))
  }
  yield after('processes')

  facts.files = openFiles(root, facts.processes)
  const table = fileTable(root)
  if (table !== undefined) facts.fileTable = table
  facts.pressure = pressure(root)
  facts.oomKills = [...kernelOomKills(root), ...groupOomKills(root, facts.processes)]
  yield after('system')

  await lookAgain()
  // Once more, for what has come or gone meanwhile was on its way.
  facts.processes = atBothLooks(facts.processes, processesOf(root, target))
  const last = listenersOn(root, ports, address)
  if (last !== undefined) {
    const inodes = last.map(({ inode }) => inode)
    const most = await limitsOfQueues(programs)
    facts.listeners = listenersSeen(first, last, most, ownersOf(root, inodes, facts.processes))
    if (!last.some(({ port }) => port === target.port)) {
      facts.isForwarded = await isTaken(address, target.port, connectMs)
    }
  }
  yield after('sockets')

  // What a server in a container has is not what is here under the same names.
  if (!hasOtherRoot(root, facts.processes)) {
    const configuration = await configurationOf({ root, programs }, facts)
    if (configuration !== undefined) facts.configuration = configuration
    yield after('configuration')

    facts.directories = await lookAtDirectories({ root, programs }, wanted(facts), diskMs)
    yield after('directories')

    // Its log may lie on what hangs.
    const isStalled = facts.directories.some(({ status }) => status.kind === 'stalled')
    if (target.kind === 'nfs' && !isStalled) {
      const log = await ganeshaLog({ root, programs }, facts.processes)
      const grace = gracePeriod(root, facts.processes, log)
      if (grace !== undefined) facts.grace = grace
      yield after('grace')
    }
  }
  while (threads.length < looks) await lookAgain()
  facts.blocked = stillBlocked(threads, performance.now() - lookingSince)
  yield after('threads')
}

function processesOf(root: string, { kind }: Target): readonly ServerProcess[] {
  const its: readonly Program[] = programsOf[kind]
  return serverProcesses(root).filter(({ program }) => its.includes(program))
}

/** Those of the second look; one that was in two different states does not stand still. */
function atBothLooks(
  before: readonly ServerProcess[],
  now: readonly ServerProcess[],
): readonly ServerProcess[] {
  return now.map((process) => {
    const earlier = before.find(({ pid }) => pid === process.pid)
    return earlier === undefined || earlier.state === process.state
      ? process
      : { ...process, state: 'S' }
  })
}

async function limitsOfQueues(programs: readonly string[]): Promise<Map<number, number>> {
  const ss = programIn(programs, 'ss')
  return ss === undefined ? new Map() : mostWaiting((await runProgram(ss, ['-Hltn'], queuesMs)).out)
}

async function configurationOf(
  sources: Sources,
  { target, processes = [] }: Facts,
): Promise<Configuration | undefined> {
  const program = target.kind === 'samba' ? 'smbd' : 'ganesha.nfsd'
  // The kernel's own server has another file, of other words.
  if (target.kind === 'samba' && serverOf({ target, processes }) !== 'smbd') return undefined
  const file = await configurationFile(sources, program, processes)
  if (file === undefined) return undefined
  return target.kind === 'samba'
    ? sambaConfiguration(sources, target.resource, file)
    : nfsConfiguration(sources, target.resource, processes, file)
}

function wanted({ target, configuration }: Facts): Wanted[] {
  const data: Wanted[] =
    configuration?.path === undefined
      ? []
      : [{ path: configuration.path, what: 'data', isWritable: configuration.isWritable === true }]
  const state = target.kind === 'samba' ? ['/var/lib/samba', '/run/samba'] : ['/var/lib/nfs']
  return [...data, ...state.map((path): Wanted => ({ path, what: 'state', isWritable: true }))]
}

async function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
