import { join } from 'node:path'
import { Dispatcher } from '../../../alert/dispatcher.ts'
import type { Protocol } from '../../../inventory/item.ts'
import { Ledger } from '../../../inventory/ledger.ts'
import type { ControlAnswer } from '../../../registry/control-message.ts'
import type { Layout } from '../../../registry/layout.ts'
import { makePrivateDirectory } from '../../../registry/private-directory.ts'
import type { Registration } from '../../../registry/registration.ts'
import { Registry } from '../../../registry/registry.ts'
import { systemClock } from '../../../watch/clock.ts'
import { fleetCommand } from '../../fleet/fleet-record.ts'
import type { Io } from '../../io.ts'
import type { Exit } from '../../leave.ts'
import { ignoreSignals } from '../../monitor/ignore-signals.ts'
import { drainMs } from '../../monitor/open-dispatcher.ts'
import { listenToProcess, type ProcessHandlers } from '../../monitor/process-events.ts'
import { speak } from '../../monitor/speak.ts'
import type { Settings } from '../../settings/settings.ts'
import { fill } from '../../texts.ts'
import { askServer } from './ask-server.ts'
import { inventoryId } from './inventory-id.ts'
import { countingDefaults, type InventorySettings } from './inventory-settings.ts'
import type { InventoryTexts } from './inventory-texts.ts'
import { serverName, type ServerPlace } from './server-places.ts'
import { ServerWatch } from './server-watch.ts'

/** What is to be watched, and by what. */
export type WatchInventoryJob = {
  places: readonly ServerPlace[]
  settings: InventorySettings
  configuration: Settings
  layout: Layout
  words: InventoryTexts
  io: Io
  /** hears what comes from outside to the process */
  listen?: (handlers: ProcessHandlers) => void
}

/** How long an end may take, should a disk hang on which something is being written. */
const endMs = 5000

/** Reads the configuration again; alerts go where that says from then on. */
type Reload = (state: string) => Promise<ControlAnswer>

/** A server's watch with its ID. */
type Member = { watch: ServerWatch; registration: Registration }

/** Watches the inventories of servers until told to end; resolves with how to. */
export async function watchInventory(job: WatchInventoryJob): Promise<Exit> {
  const { places, settings, configuration, layout, words, io, listen = listenToProcess } = job
  ignoreSignals()
  const speech = await speak({
    command: settings.protocols[0] === 'smb' ? 'clp_sambamon' : 'clp_nfsmon',
    target: '',
    monitor: places.length === 1 && places[0] ? inventoryId(serverName(places[0])) : 'inventory',
    layout,
    settings: configuration,
    io,
  })
  const hub = speech.dispatcher
  let followed = configuration
  const reload: Reload = async (state) => {
    const { reloadSettings } = await import('../../monitor/reload-settings.ts')
    const { answer, settings: read } = await reloadSettings(
      followed,
      'clp_sambamon',
      state,
      (name) => countingDefaults.includes(name),
    )
    if (!answer.ok) return answer
    await speech.follow(read)
    // The defaults are those of the start for as long as it lasts.
    followed = { ...read, defaults: followed.defaults }
    return answer
  }
  const members: Member[] = []
  let status = 0
  let giveUp: (() => void) | undefined
  const tooLong = new Promise<boolean>((resolve) => {
    giveUp = () => systemClock.setTimer(endMs, () => resolve(false))
  })
  const stop = (why: string): void => {
    for (const { watch } of members) watch.stop(why)
    giveUp?.()
  }
  listen({
    onStop: stop,
    onBug: (error) => {
      status = 5
      const reason = error instanceof Error ? (error.stack ?? String(error)) : String(error)
      hub.log('error', `bug, the inventory ends: ${reason}`)
      stop('bug')
    },
  })
  try {
    const directory = join(layout.lib, 'inventory')
    await makePrivateDirectory(directory)
    for (const place of places) {
      const member = await open(place, job, hub, directory, reload)
      if (typeof member === 'string') {
        io.err(`clp_fsmon: ${member}\n`)
        status = 3
        break
      }
      members.push(member)
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    io.err(`clp_fsmon: ${reason}\n`)
    status = 5
  }
  if (status === 0) {
    for (const place of places) {
      const server = serverName(place)
      const values = { server, seconds: settings.intervalS, id: inventoryId(server) }
      io.err(`clp_fsmon: ${fill(words.started, values)}\n`)
    }
  } else stop('cannot begin')
  const all = Promise.all(members.map(async (member) => runToEnd(member, () => status)))
  const hasEnded = await Promise.race([all.then(() => true), tooLong])
  const delivered = await hub.end(drainMs)
  return { status, stuck: !hasEnded || !delivered }
}

async function runToEnd({ watch, registration }: Member, status: () => number): Promise<void> {
  await watch.run()
  const exitStatus = status()
  const how = exitStatus === 0 ? 'stopped' : 'own-trouble'
  await registration
    .end({ at: systemClock.date().toISOString(), how, exitStatus })
    .catch(() => undefined)
}

/** Registers a watch, and reads what is known of its server; a text where another process has it. */
async function open(
  place: ServerPlace,
  { places, settings, layout, words, io }: WatchInventoryJob,
  hub: Dispatcher,
  directory: string,
  reload: Reload,
): Promise<Member | string> {
  const server = serverName(place)
  const id = inventoryId(server)
  const { protocols, demanded, all, intervalS, waitS, login, encrypt, pauseLimits } = settings
  const speakers = new Map(
    protocols.map((protocol) => [protocol, speakerOf(protocol, server, id, hub, io)]),
  )
  const ledgers = new Map<Protocol, Ledger>()
  // oxlint-disable-next-line prefer-const -- the watch needs it before it is there
  let registration: Registration | undefined
  const watch = new ServerWatch({
    server,
    ledgers,
    demanded,
    all,
    intervalMs: intervalS * 1000,
    waitMs: waitS * 1000,
    clock: systemClock,
    ask: async (protocol, signal) => askServer(place, protocol, { login, encrypt, io }, signal),
    announce: (protocol, announcement) => {
      speakers.get(protocol)?.announce(announcement)
    },
    delivered: async () => {
      await Promise.all(Array.from(speakers.values(), async (each) => each.drain(drainMs)))
      await hub.drain(drainMs)
    },
    log: (level, text) => {
      hub.log(level, text)
    },
    saveRecord: async (status) => registration?.update(status),
    pauseLimits,
    reload,
  })
  const registered = await new Registry(layout.run).register(
    {
      id,
      command: fleetCommand,
      target: `inventory @ ${place.address}`,
      options: {
        address: place.address,
        inventory: protocols.join(' '),
        interval: intervalS,
        wait: waitS,
        user: login?.user ?? '',
      },
      ...(places.length > 1 && { sharesProcess: true }),
      status: watch.status,
    },
    (text) => {
      hub.log('warn', text)
    },
  )
  if (registered.kind === 'in-use') {
    const { entry } = registered
    const pid = 'record' in entry ? entry.record.process.pid : '?'
    return fill(words.inUse, { server, pid, id })
  }
  registration = registered.registration
  if (registered.tookOver !== undefined) {
    hub.log('warn', `took over the ID ${id}: ${registered.tookOver}`)
  }
  // Only who has the ID may touch what is stored.
  for (const protocol of protocols) {
    const { ledger, damaged } = await Ledger.open(directory, server, protocol)
    if (damaged !== undefined) {
      const kept = `it is kept as ${damaged}, and a new list is begun`
      hub.log('error', `inventory of ${server}, ${protocol}: what was stored is damaged; ${kept}`)
    }
    ledgers.set(protocol, ledger)
  }
  await registration.listen(async (action, seconds) => watch.control(action, seconds))
  return { watch, registration }
}

/** Speaks as the monitor of the same kind does, so that what is meant for its module goes its way. */
function speakerOf(
  protocol: Protocol,
  server: string,
  monitor: string,
  hub: Dispatcher,
  io: Io,
): Dispatcher {
  return new Dispatcher({
    command: protocol === 'smb' ? 'clp_sambamon' : 'clp_nfsmon',
    target: server,
    server: io.hostName(),
    monitor,
    sinks: [{ name: 'process', takes: () => true, deliver: async (said) => hub.pass(said) }],
    onTrouble: () => undefined,
  })
}
