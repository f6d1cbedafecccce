import { bucketEdgesS, type Tally } from '../registry/tally.ts'
import { statesByGravity } from '../view/watches.ts'
import { labelText, type Family, type Sample } from './exposition.ts'
import type { Watch } from './source.ts'

/** What metrics tell besides the watches. */
export type MetricsFacts = {
  watches: readonly Watch[]
  version: string
  nodeVersion: string
  known: KnownDurations
}

/** The lines of what watches have counted, as long as they count nothing new. */
export type KnownDurations = WeakMap<Tally, Buffer>

/** Everything that is measured about the watches of this host. */
export function metricFamilies({ watches, version, nodeVersion, known }: MetricsFacts): Family[] {
  const named = watches.map((watch) => ({ watch, labels: labelsOf(watch) }))
  const gauge = (
    name: string,
    help: string,
    value: (watch: Watch) => number | undefined,
  ): Family => ({
    name,
    type: 'gauge',
    help,
    samples: named.flatMap(({ watch, labels }) => {
      const found = value(watch)
      return found === undefined ? [] : [{ suffix: '' as const, labels, value: found }]
    }),
  })
  return [
    gauge(
      'clp_fsmon_up',
      'Whether the server answers as it should, by the last verdict; absent while nobody can say.',
      upOf,
    ),
    {
      name: 'clp_fsmon_state',
      type: 'gauge',
      help: '1 for the state that the watch is in, 0 for all others.',
      samples: named.flatMap(({ watch, labels }) =>
        statesByGravity.map((state): Sample => ({
          suffix: '',
          labels: `${labels},state="${state}"`,
          value: watch.state === state ? 1 : 0,
        })),
      ),
    },
    {
      name: 'clp_fsmon_check_duration_seconds',
      type: 'histogram',
      help: 'How long the stages of checks took since the monitor started.',
      samples: [],
      ready: watches.flatMap((watch) => durations(watch, known)),
    },
    {
      name: 'clp_fsmon_checks',
      type: 'counter',
      help: 'Checks since the monitor started, by what they found.',
      samples: named.flatMap(({ watch, labels }) => checks(watch, labels)),
    },
    {
      name: 'clp_fsmon_repairs',
      type: 'counter',
      help: 'Repairs since the monitor started, by whether the server answered again.',
      samples: named.flatMap(({ watch: { repair }, labels }) =>
        repair === undefined
          ? []
          : (['mended', 'notMended'] as const).map((result) => ({
              suffix: '_total' as const,
              labels: `${labels},result="${result === 'mended' ? 'mended' : 'not_mended'}"`,
              value: repair[result],
            })),
      ),
    },
    gauge('clp_fsmon_failures', 'Failures in a row.', ({ failures, state }) =>
      state === 'unreadable' ? undefined : failures,
    ),
    gauge(
      'clp_fsmon_failures_limit',
      'Failures in a row that make the server abnormal.',
      ({ attempts, state }) => (state === 'unreadable' ? undefined : attempts),
    ),
    gauge(
      'clp_fsmon_paused_seconds',
      'How long the watch has been paused; 0 while it is not.',
      (watch) => {
        if (watch.state === 'unreadable') return undefined
        return watch.state === 'paused' ? (watch.pausedForMs ?? 0) / 1000 : 0
      },
    ),
    {
      name: 'clp_fsmon_warning',
      type: 'gauge',
      help: '1 for each alert that warns and is not over yet; it changes no verdict.',
      samples: named.flatMap(({ watch: { warnings = [] }, labels }) =>
        [...new Set(warnings.map(({ id }) => id))].map((id): Sample => ({
          suffix: '',
          labels: `${labels},alert="${id}"`,
          value: 1,
        })),
      ),
    },
    {
      name: 'clp_fsmon_drill',
      type: 'gauge',
      help: '1 while a drill pretends failures of this kind, and after a watch has ended in one.',
      samples: named.flatMap(({ watch, labels }) => {
        const kind = watch.drill?.kind ?? watch.ended?.drill
        return kind === undefined
          ? []
          : [{ suffix: '', labels: `${labels},kind="${kind}"`, value: 1 }]
      }),
    },
    gauge(
      'clp_fsmon_pause_left_seconds',
      'How long the pause still lasts; absent where it has no end, or there is none.',
      ({ pauseEnd }) => (pauseEnd === undefined ? undefined : pauseEnd.leftMs / 1000),
    ),
    gauge(
      'clp_fsmon_last_success_timestamp_seconds',
      'When a check last succeeded, in seconds since 1970.',
      ({ tally }) => secondsOf(tally?.lastSuccessAt),
    ),
    {
      name: 'clp_fsmon_build',
      type: 'info',
      help: 'The version of the server that tells this, and of its Node.',
      samples: [{ suffix: '_info', labels: labelText({ version, node: nodeVersion }), value: 1 }],
    },
  ]
}

/** Neither a watch that is paused nor one whose monitor is gone says anything about its server. */
function upOf({ state, lastCheck, ended }: Watch): number | undefined {
  if (state === 'failing' || state === 'repairing' || state === 'abnormal') return 0
  if (state === 'watching' && lastCheck?.verdict === 'ok') return 1
  if (state === 'watching' && lastCheck?.verdict === 'failed') return 0
  return state === 'ended' && ended?.exitStatus === 1 ? 0 : undefined
}

function labelsOf({ id, command, target, server }: Watch): string {
  return labelText({ id, command, server, target })
}

/** Most of all lines are these, so those of a watch are put into words once for as long as it counts nothing new. */
export function durations({ id, command, tally }: Watch, known: KnownDurations): Buffer[] {
  if (tally === undefined || tally.stages.length === 0) return []
  const before = known.get(tally)
  if (before !== undefined) return [before]
  const name = 'clp_fsmon_check_duration_seconds'
  const lines: string[] = []
  for (const stage of tally.stages) {
    const labels = labelText({ id, command, stage: stage.name })
    for (const [at, edge] of edges.entries()) {
      lines.push(`${name}_bucket{${labels}${edge}} ${stage.counts[at] ?? 0}`)
    }
    lines.push(
      `${name}_bucket{${labels},le="+Inf"} ${stage.count}`,
      `${name}_sum{${labels}} ${stage.sumMs / 1000}`,
      `${name}_count{${labels}} ${stage.count}`,
    )
  }
  const bytes = Buffer.from(`${lines.join('\n')}\n`)
  known.set(tally, bytes)
  return [bytes]
}

/** OpenMetrics writes every edge as a number with a point. */
const edges: readonly string[] = bucketEdgesS.map(
  (edge) => `,le="${Number.isInteger(edge) ? edge.toFixed(1) : edge}"`,
)

function checks({ tally }: Watch, labels: string): Sample[] {
  if (tally === undefined) return []
  const { ok, failed, cannotJudge, discarded } = tally.checks
  const results = { ok, failed, cannot_judge: cannotJudge, discarded }
  return Object.entries(results).map(([result, value]) => ({
    suffix: '_total',
    labels: `${labels},result="${result}"`,
    value,
  }))
}

function secondsOf(time: string | undefined): number | undefined {
  const ms = time === undefined ? NaN : Date.parse(time)
  return Number.isNaN(ms) ? undefined : ms / 1000
}
