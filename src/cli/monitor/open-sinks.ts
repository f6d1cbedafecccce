import { join } from 'node:path'
import type { ConfiguredSinks } from '../../alert/dispatcher.ts'
import type { Sink } from '../../alert/entry.ts'
import { isAtLeast } from '../../alert/filter.ts'
import type { SinkTrouble } from '../../alert/sink-queue.ts'
import { execSink } from '../../alert/sinks/exec.ts'
import { webhookSink } from '../../alert/sinks/webhook.ts'
import type { ExecSettings, SinkSettings, WebhookSettings } from '../../config/sink-kinds.ts'
import { makePrivateDirectory } from '../../registry/private-directory.ts'
import { takeSeat } from '../../registry/seat.ts'
import { resolveHost } from '../../wire/resolve.ts'
import type { Io } from '../io.ts'
import { version } from '../version.ts'

/** What the sinks of the configuration are opened with. */
export type SinkPlaces = {
  settings: SinkSettings | undefined
  /** below it each webhook has its queue */
  lib: string
  io: Io
  onTrouble: (trouble: SinkTrouble) => void
}

/** The sinks that the configuration asks for. */
export function openSinks(places: SinkPlaces): ConfiguredSinks {
  const { settings } = places
  const more: Sink[] = []
  for (const each of onlyOnce(settings?.exec)) more.push(openExec(each, places))
  for (const each of onlyOnce(settings?.webhook)) more.push(openWebhook(each, places))
  return { more, admits: (sink, entry) => settings === undefined || admits(settings, sink, entry) }
}

function admits(
  settings: SinkSettings,
  sink: string,
  entry: Parameters<ConfiguredSinks['admits']>[1],
): boolean {
  switch (sink) {
    case 'log':
      // Alerts are what the log is for.
      return entry.kind === 'alert' || isAtLeast(settings.log?.level ?? 'info', entry)
    case 'stderr':
    case 'syslog':
    case 'clplogcmd': {
      const { enabled = true, level = 'info' } = settings[sink] ?? {}
      return enabled && isAtLeast(level, entry)
    }
    default:
      return true
  }
}

/** Of two with one name, which is an error that has been told of, the first one is taken. */
function onlyOnce<T extends { name: string; enabled: boolean }>(
  sinks: readonly (T | undefined)[] = [],
): T[] {
  const byName = new Map<string, T>()
  for (const sink of sinks) {
    if (sink !== undefined && !byName.has(sink.name)) byName.set(sink.name, sink)
  }
  return [...byName.values()].filter(({ enabled }) => enabled)
}

function openExec(settings: ExecSettings, { io }: SinkPlaces): Sink {
  const { name, command, timeout, levels, ids, modules } = settings
  const [file = '', ...args] = command
  const { PATH = '/usr/sbin:/usr/bin:/sbin:/bin' } = io.env
  return execSink({
    name,
    program: { file, env: { PATH }, timeoutMs: timeout * 1000 },
    args,
    filter: { levels, ids, modules },
  })
}

function openWebhook(settings: WebhookSettings, { lib, onTrouble }: SinkPlaces): Sink {
  const { name, url, timeout, levels, ids, modules } = settings
  const queues = join(lib, 'queue')
  const directory = join(queues, name)
  const secret = settings['secret-file']?.reveal()
  const ca = settings['ca-file']?.pem
  return webhookSink({
    name,
    receiver: {
      url,
      timeoutMs: timeout * 1000,
      agent: `clp-fsmon/${version}`,
      resolve: resolveHost,
      ...(secret !== undefined && { secret }),
      ...(ca !== undefined && { ca }),
    },
    filter: { levels, ids, modules },
    queue: {
      directory,
      most: settings.queue,
      prepare: async () => {
        await makePrivateDirectory(queues)
        await makePrivateDirectory(directory)
      },
    },
    sender: {
      claim: async () => takeSeat(join(queues, `${name}.sender`)),
      keepMs: settings['keep-hours'] * 3_600_000,
      onTrouble: (text) => {
        onTrouble({ sink: `webhook ${name}`, text })
      },
    },
  })
}
