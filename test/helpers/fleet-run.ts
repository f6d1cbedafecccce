import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { loadFleetTexts } from '../../src/cli/fleet/fleet-texts.ts'
import type { FleetEntry, FleetList } from '../../src/cli/fleet/fleet-list.ts'
import { runFleet } from '../../src/cli/fleet/run-fleet.ts'
import { monitorRequest } from '../../src/cli/monitor/monitor-request.ts'
import type { ProcessHandlers } from '../../src/cli/monitor/process-events.ts'
import { readSettings } from '../../src/cli/settings/settings.ts'
import { layoutUnder } from '../../src/registry/layout.ts'
import { Registry } from '../../src/registry/registry.ts'
import { eventually } from './eventually.ts'
import { fakeIo } from './fake-io.ts'
import { watchedNfs, type WatchedNfs } from './nfs-watch.ts'

const texts = await loadFleetTexts('en')
const settings = await readSettings('/nowhere/clp-fsmon.toml')
/** Never aborted. */
export const forever = new AbortController().signal

/** So many scripted NFS servers, below one root. */
export async function servers(t: Test, count: number): Promise<WatchedNfs[]> {
  const all: WatchedNfs[] = []
  for (let index = 0; index < count; index += 1) all.push(await watchedNfs(t))
  return all
}

/** One watch of a list: quick, with one retry. */
export function entry(id: string, nfs: WatchedNfs, more: string[] = [], group = ''): FleetEntry {
  const timing = ['-i', '1', '-c', '1', '-r', '1']
  const request = monitorRequest('clp_nfsmon', [id, ...nfs.argv, ...timing, ...more])
  if (request.want !== 'watch') throw new Error('not a watch')
  return { id, group, settings: request.settings }
}

/** A list of these watches. */
export function list(watches: FleetEntry[], more: Partial<FleetList> = {}): FleetList {
  const limits = { inAll: 8, perAddress: 4 }
  return { file: '/etc/clp-fsmon/watches.toml', exitOn: 'any', limits, watches, ...more }
}

/** A process with several watches, within this process. */
export function run(root: string, first: FleetList, id = 'watches') {
  const layout = layoutUnder(root)
  const io = fakeIo({ CLP_FSMON_ROOT: root, PATH: '/usr/bin:/bin' }, process.getuid?.() ?? 0)
  let handlers: ProcessHandlers | undefined
  const next: { list: FleetList | Error } = { list: first }
  const exit = runFleet({
    id,
    list: first,
    settings,
    readAgain: async () => {
      if (next.list instanceof Error) throw next.list
      return { list: next.list, settings }
    },
    layout,
    texts,
    io,
    listen: (given) => {
      handlers = given
    },
  })
  const log = join(layout.log, 'alert.log')
  const said = () => (existsSync(log) ? readFileSync(log, 'utf8') : '')
  const registry = new Registry(layout.run)
  return {
    exit,
    io,
    next,
    registry,
    said,
    handlers: () => handlers,
    ids: () =>
      said()
        .trim()
        .split('\n')
        .flatMap((line) => (JSON.parse(line) as { id?: number }).id ?? []),
    says: async (text: string, times = 1) =>
      eventually(`${times} × ${text}`, () => said().split(text).length > times),
    state: async (id: string) => {
      const found = await registry.read(id)
      return found.kind === 'live' ? found.record.state : found.kind
    },
    ask: async (
      id: string,
      action: 'pause' | 'continue' | 'stop' | 'reload' | 'status',
      seconds?: number,
    ) =>
      registry.ask(
        id,
        { command: 'clp_nfsmon', action, ...(seconds !== undefined && { seconds }) },
        forever,
      ),
  }
}

/** Where the state of processes lies that watch these servers. */
export const rootOf = ([first]: WatchedNfs[]) => first?.env.CLP_FSMON_ROOT ?? ''
