import { isDiagnosis, type Diagnosis } from '../registry/diagnosis.ts'
import { isRepairStatus } from '../registry/repair-status.ts'
import { isDrillKind, isDrillStatus } from '../registry/drill-status.ts'
import { isTally } from '../registry/tally.ts'
import { areWarnings } from '../registry/warning.ts'
import type { LastCheck } from '../registry/status.ts'
import { statesByGravity, type WatchState } from '../view/watches.ts'
import type { Alert, AlertPage, Watch } from './source.ts'

type Fields = Readonly<Record<string, unknown>>

/** More watches of one peer are not shown. */
const mostWatches = 5000

/** No text of a peer is longer. */
const longestText = 4096

/** The watches in a peer's answer; throws where it is none of this version. */
export function decodePeerWatches(value: unknown): Watch[] {
  const hosts = listIn(value, 'hosts')
  const [own] = hosts
  return listIn(own, 'watches').slice(0, mostWatches).map(decodeWatch)
}

/** One watch with its last checks in a peer's answer; throws where it is none. */
export function decodePeerWatch(value: unknown): { watch: Watch; checks: LastCheck[] } {
  const fields = fieldsOf(value)
  return {
    watch: decodeWatch(fields['watch']),
    checks: listIn(value, 'checks').flatMap((each) => decodeLastCheck(each) ?? []),
  }
}

/** The alerts in a peer's answer; throws where it is none of this version. */
export function decodePeerAlerts(value: unknown): AlertPage {
  const { next, isLost } = fieldsOf(value)
  return {
    alerts: listIn(value, 'alerts').map(decodeAlert),
    next: typeof next === 'string' ? next.slice(0, longestText) : undefined,
    ...(isLost === true && { isLost }),
  }
}

function decodeWatch(value: unknown): Watch {
  const fields = fieldsOf(value)
  const { failures, attempts, pid, worstCaseMs, tally, warnings, pauseEnd, drill } = fields
  const lastCheck = decodeLastCheck(fields['lastCheck'])
  const ended = decodeEnded(fields['ended'])
  const diagnosis = decodeDiagnosis(fields['diagnosis'])
  return {
    id: text(fields, 'id'),
    state: stateOf(fields['state']),
    command: text(fields, 'command'),
    target: text(fields, 'target'),
    server: text(fields, 'server'),
    failures: typeof failures === 'number' ? failures : 0,
    attempts: typeof attempts === 'number' ? attempts : 0,
    ...(typeof pid === 'number' && { pid }),
    ...(typeof fields['pausedForMs'] === 'number' && { pausedForMs: fields['pausedForMs'] }),
    ...(typeof worstCaseMs === 'number' && { worstCaseMs }),
    ...(typeof fields['lastResponseMs'] === 'number' && {
      lastResponseMs: fields['lastResponseMs'],
    }),
    ...(typeof fields['lateMs'] === 'number' && { lateMs: fields['lateMs'] }),
    ...textsIn(fields, ['since', 'startedAt', 'nextCheck', 'pausedSince', 'problem']),
    ...(lastCheck !== undefined && { lastCheck }),
    ...(ended !== undefined && { ended }),
    ...(diagnosis !== undefined && { diagnosis }),
    ...(isRepairStatus(fields['repair']) && { repair: fields['repair'] }),
    ...(isDrillStatus(drill) && { drill: drillOf(drill) }),
    ...(isTally(tally) && { tally }),
    ...(isSeenPauseEnd(pauseEnd) && { pauseEnd }),
    ...(areWarnings(warnings) && { warnings }),
  }
}

/** No more causes of one watch are shown. */
const mostCauses = 5

function decodeDiagnosis(value: unknown): Diagnosis | undefined {
  if (!isDiagnosis(value)) return undefined
  const causes = value.causes.slice(0, mostCauses).map(({ key, text: words }) => ({
    key: key.slice(0, longestText),
    text: words.slice(0, longestText),
    values: {},
  }))
  return { at: value.at.slice(0, longestText), causes }
}

function decodeAlert(value: unknown): Alert {
  const fields = fieldsOf(value)
  const { id, detail } = fields
  return {
    position: text(fields, 'position'),
    received: text(fields, 'received'),
    time: text(fields, 'time'),
    server: text(fields, 'server'),
    module: text(fields, 'module'),
    watch: typeof fields['watch'] === 'string' ? text(fields, 'watch') : null,
    id: typeof id === 'number' ? id : null,
    level: text(fields, 'level'),
    message: text(fields, 'message'),
    detail: isFields(detail) ? detail : {},
  }
}

function decodeLastCheck(value: unknown): LastCheck | undefined {
  if (!isFields(value)) return undefined
  const { ms, verdict } = value
  if (typeof ms !== 'number' || !isVerdict(verdict)) return undefined
  const stages = Array.isArray(value['stages']) ? value['stages'].slice(0, 32) : []
  return {
    at: text(value, 'at'),
    verdict,
    ms,
    stages: stages.flatMap((stage: unknown) =>
      isFields(stage) && typeof stage['ms'] === 'number'
        ? [{ name: text(stage, 'name'), ms: stage['ms'] }]
        : [],
    ),
    ...textsIn(value, ['reason']),
  }
}

function drillOf({ kind, since, until }: NonNullable<Watch['drill']>): Watch['drill'] {
  return { kind, since: since.slice(0, longestText), until: until.slice(0, longestText) }
}

function decodeEnded(value: unknown): Watch['ended'] {
  if (!isFields(value)) return undefined
  const status = value['exitStatus']
  const exitStatus = typeof status === 'number' ? status : 0
  const { drill } = value
  const of = isDrillKind(drill) ? { drill } : {}
  return { at: text(value, 'at'), how: text(value, 'how'), exitStatus, ...of }
}

function isSeenPauseEnd(value: unknown): value is NonNullable<Watch['pauseEnd']> {
  if (!isFields(value)) return false
  const { until, leftMs, extensionsLeft } = value
  const isText = typeof until === 'string' && until.length <= longestText
  return isText && typeof leftMs === 'number' && typeof extensionsLeft === 'number'
}

const states: ReadonlySet<unknown> = new Set(statesByGravity)

/** A state that a later version knows is none that this one would call healthy. */
function stateOf(value: unknown): WatchState {
  return isState(value) ? value : 'unreadable'
}

function isState(value: unknown): value is WatchState {
  return states.has(value)
}

const verdictNames: ReadonlySet<unknown> = new Set([
  'ok',
  'failed',
  'cannot-judge',
  'discarded',
] satisfies LastCheck['verdict'][])

function isVerdict(value: unknown): value is LastCheck['verdict'] {
  return verdictNames.has(value)
}

function textsIn<Name extends string>(fields: Fields, names: readonly Name[]) {
  const found: Partial<Record<Name, string>> = {}
  for (const name of names) if (typeof fields[name] === 'string') found[name] = text(fields, name)
  return found
}

function text(fields: Fields, name: string): string {
  const value = fields[name]
  return typeof value === 'string' ? value.slice(0, longestText) : ''
}

function listIn(value: unknown, name: string): unknown[] {
  const list = fieldsOf(value)[name]
  if (!Array.isArray(list)) throw new TypeError(`its answer has no ${name}`)
  return list
}

function fieldsOf(value: unknown): Fields {
  if (!isFields(value)) throw new TypeError('its answer is not what was asked for')
  return value
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
