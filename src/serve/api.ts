import type { ControlReply } from '../registry/control-client.ts'
import type { LastCheck } from '../registry/status.ts'
import { alertQuery, isOwnScope } from './alert-query.ts'
import { expose, expositionTypes, formatFor } from './exposition.ts'
import type { Hub } from './hub.ts'
import { limits } from './limits.ts'
import { mergedAlerts } from './merged-alerts.ts'
import { durations, metricFamilies, type KnownDurations } from './metrics.ts'
import { Refusal } from './refusal.ts'
import { jsonReply, type Reply } from './reply.ts'
import type { Source } from './source.ts'
import { summaryOf } from './watch-summary.ts'

/** What the answers are made of. */
export type ApiParts = {
  hub: Hub
  /** this host's name */
  own: string
  version: string
  nodeVersion: string
  now: () => Date
  /** asks a monitor to pause or to go on; none where the page may only look */
  control?: (
    request: { id: string; command: string; action: 'pause' | 'continue' },
    signal: AbortSignal,
  ) => Promise<ControlReply>
}

/** The version of the API, which every answer carries. */
export const apiVersion = 1

/** Whoever has asked for metrics so lately will ask again. */
const scrapedMs = 5 * 60_000

/** All answers of JSON and of metrics. */
export class Api {
  readonly #parts: ApiParts
  readonly #known: KnownDurations = new WeakMap()
  #scrapedAt = -Infinity

  constructor(parts: ApiParts) {
    this.#parts = parts
    const { hub, own } = parts
    hub.subscribe((events) => {
      // While somebody asks for metrics: a little with every change, and not all of a thousand watches at once.
      if (performance.now() - this.#scrapedAt > scrapedMs) return
      for (const event of events) {
        if (event.kind !== 'watch' || event.host !== own) continue
        const known = hub.watch(own, event.watch.id)
        if (known !== undefined) durations(known.watch, this.#known)
      }
    })
  }

  /** Every watch of every host, as seen now. */
  watches(parameters: URLSearchParams): Reply {
    const { hub, own, now, control } = this.#parts
    const ownOnly = isOwnScope(parameters)
    return jsonReply({
      version: apiVersion,
      host: own,
      time: now().toISOString(),
      control: control !== undefined,
      hosts: Array.from(
        hub.hosts().filter(({ host }) => !ownOnly || host === own),
        (status) => ({
          ...status,
          watches: Array.from(hub.watchesOf(status.host), ({ watch, revision }) => ({
            revision,
            ...summaryOf(watch),
          })),
        }),
      ),
    })
  }

  /** One watch with what it has counted and its last checks. */
  async watch(id: string, parameters: URLSearchParams, signal: AbortSignal): Promise<Reply> {
    const { hub, own } = this.#parts
    const host = isOwnScope(parameters) ? own : (parameters.get('host') ?? own)
    const known = hub.watch(host, id)
    if (known === undefined) throw new Refusal(404, 'not-found', 'no such watch')
    const source = hub.sources().find((each) => each.host === host)
    let { watch } = known
    let checks: readonly LastCheck[] = known.history.of(id)
    if (source?.watch !== undefined) {
      try {
        const told = await source.watch(id, signal)
        watch = told.watch
        checks = told.checks
      } catch {
        // What was last known of it is still true enough to be shown; its host is marked as gone.
      }
    }
    return jsonReply({ version: apiVersion, host, watch, checks })
  }

  /** Alerts of all hosts, the newest first; or this host's own, from a position on. */
  async alerts(parameters: URLSearchParams, signal: AbortSignal): Promise<Reply> {
    const { hub, own } = this.#parts
    const query = alertQuery(parameters)
    const { filter, limit, cursor, host } = query
    const sources = hub.sources()
    if (query.ownOnly) {
      const source = sources.find((each) => each.host === own)
      if (source === undefined) throw new Refusal(404, 'not-found', 'no such host')
      return this.#ownAlerts(source, query, signal)
    }
    const asked = sources.filter((each) => host === undefined || each.host === host)
    if (asked.length === 0) throw new Refusal(404, 'not-found', 'no such host')
    // Taken before the page is read: what comes meanwhile is then told twice rather than never.
    const resume = hub.resume()
    const page = await mergedAlerts({ sources: asked, filter, limit, cursor, signal })
    return jsonReply({ version: apiVersion, ...page, resume })
  }

  /** What monitoring systems read: only of this host, for they ask every host. */
  metrics(accept: string | undefined): Reply {
    this.#scrapedAt = performance.now()
    const { hub, own, version, nodeVersion } = this.#parts
    const format = formatFor(accept)
    const watches = hub.watchesOf(own).map(({ watch }) => watch)
    const facts = { watches, version, nodeVersion, known: this.#known }
    const isReadable = this.#isReadable()
    // Values from before would look like the present ones.
    const families = metricFamilies(isReadable ? facts : { ...facts, watches: [] })
    families.push({
      name: 'clp_fsmon_records_readable',
      type: 'gauge',
      help: 'Whether the records of the monitors can be read; when not, nothing is told of them.',
      samples: [{ suffix: '', labels: '', value: isReadable ? 1 : 0 }],
    })
    return { status: 200, type: expositionTypes[format], body: expose(families, format) }
  }

  /** Whether this server does its work. */
  health(): Reply {
    const isReadable = this.#isReadable()
    const body = { version: apiVersion, status: isReadable ? 'ok' : 'failing', records: isReadable }
    return jsonReply(body, isReadable ? 200 : 503)
  }

  /** Pauses a watch of this host, or lets it go on. */
  async control(id: string, action: 'pause' | 'continue', signal: AbortSignal): Promise<Reply> {
    const { hub, own, control } = this.#parts
    if (control === undefined) {
      throw new Refusal(403, 'forbidden', 'this server was started without --allow-control')
    }
    const command = hub.watch(own, id)?.watch.command
    if (command === undefined) throw new Refusal(404, 'not-found', 'no such watch on this host')
    const limit = AbortSignal.any([signal, AbortSignal.timeout(limits.controlMs)])
    const reply = await control({ id, command, action }, limit)
    switch (reply.kind) {
      case 'answer':
        return jsonReply({ version: apiVersion, ...reply.answer }, reply.answer.ok ? 200 : 409)
      case 'nobody':
        throw new Refusal(409, 'unavailable', 'its monitor does not run')
      case 'no-answer':
        throw new Refusal(504, 'unavailable', 'its monitor did not answer in time')
      case 'broken':
        throw new Refusal(502, 'unavailable', 'its monitor gave no answer')
    }
  }

  async #ownAlerts(
    source: Source,
    query: ReturnType<typeof alertQuery>,
    signal: AbortSignal,
  ): Promise<Reply> {
    const { filter, limit, before, after } = query
    const page =
      after === undefined
        ? await source.before({ filter, limit, position: before, signal })
        : await source.after({ limit, position: after === '' ? undefined : after, signal })
    const { alerts, next, isLost } = page
    return jsonReply({
      version: apiVersion,
      alerts,
      next: next ?? null,
      ...(isLost === true && { isLost }),
    })
  }

  #isReadable(): boolean {
    const { hub, own } = this.#parts
    return hub.hosts().some(({ host, reachable }) => host === own && reachable)
  }
}
