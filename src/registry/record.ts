import { isDiagnosis } from './diagnosis.ts'
import { isDrillKind, isDrillStatus, type DrillKind } from './drill-status.ts'
import { isLateness } from './lateness.ts'
import type { ProcessIdentity } from './process-identity.ts'
import { isRepairStatus } from './repair-status.ts'
import type { Status } from './status.ts'
import { isPauseEnd } from './pause-end.ts'
import { isTally } from './tally.ts'
import { areWarnings } from './warning.ts'

/** The version of records that this code writes. */
export const recordVersion = 1

/** How and when a monitor ended. */
export type Ended = {
  at: string
  /** stopped, abnormal, own-trouble … */
  how: string
  exitStatus: number
  /** the drill that it ended in: no server was lost */
  drill?: DrillKind
}

/** Everything that is known about one monitor; there is never a secret in it. */
export type MonitorRecord = Status & {
  version: typeof recordVersion
  id: string
  command: string
  /** the share or the directory, with its server */
  target: string
  options: Readonly<Record<string, string | number | boolean>>
  process: ProcessIdentity
  /** other monitors live in the same process, so it is not to be ended for this one */
  sharesProcess?: true
  startedAt: string
  ended?: Ended
}

/** What a record's text turned out to be. */
export type DecodedRecord =
  | { kind: 'record'; record: MonitorRecord }
  /** written by a later version of the product; the process is named where it still can be */
  | { kind: 'future'; version: number; process?: ProcessIdentity }
  | { kind: 'damaged'; reason: string }

/**
 * Turns a record into the text of its file. The tally comes last: the scripts in templates/ look for a
 * name's first place in the text, and cut off what they do not need.
 */
export function encodeRecord(record: MonitorRecord): string {
  const { tally, ...rest } = record
  return `${JSON.stringify({ ...rest, tally })}\n`
}

/** Turns the text of a record's file into a record, or says what is wrong with it; never throws. */
export function decodeRecord(text: string): DecodedRecord {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { kind: 'damaged', reason: text === '' ? 'it is empty' : 'it is not JSON' }
  }
  if (!isObject(value) || typeof value['version'] !== 'number') {
    return { kind: 'damaged', reason: 'it has no version' }
  }
  if (value['version'] > recordVersion) {
    const { version, process } = value
    return { kind: 'future', version, ...(isIdentity(process) && { process }) }
  }
  // Only shown, so that those of another form are no reason not to know a monitor.
  if (!isTally(value['tally'])) delete value['tally']
  if (!isDrillStatus(value['drill'])) delete value['drill']
  if (!isLateness(value['lateness'])) delete value['lateness']
  if (!isPauseEnd(value['pauseEnd'])) delete value['pauseEnd']
  if (!areWarnings(value['warnings'])) delete value['warnings']
  if (!isDiagnosis(value['diagnosis'])) delete value['diagnosis']
  if (!isRepairStatus(value['repair'])) delete value['repair']
  if (!isRecord(value)) return { kind: 'damaged', reason: 'a field is missing or wrong' }
  return { kind: 'record', record: value }
}

type Fields = Record<string, unknown>

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function has(value: Fields, type: 'string' | 'number', ...names: string[]): boolean {
  return names.every((name) => typeof value[name] === type)
}

function isIdentity(value: unknown): value is ProcessIdentity {
  return (
    isObject(value) && has(value, 'number', 'pid') && has(value, 'string', 'startTicks', 'bootId')
  )
}

function isStages(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (stage) => isObject(stage) && has(stage, 'string', 'name') && has(stage, 'number', 'ms'),
    )
  )
}

function isLastCheck(value: unknown): boolean {
  return (
    isObject(value) &&
    has(value, 'string', 'at', 'verdict') &&
    has(value, 'number', 'ms') &&
    isStages(value['stages']) &&
    isOptionalText(value['reason'])
  )
}

function isEnded(value: unknown): boolean {
  return (
    isObject(value) &&
    has(value, 'string', 'at', 'how') &&
    has(value, 'number', 'exitStatus') &&
    (value['drill'] === undefined || isDrillKind(value['drill']))
  )
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

const stateNames: ReadonlySet<unknown> = new Set([
  'starting',
  'watching',
  'failing',
  'repairing',
  'abnormal',
  'paused',
  'ending',
] satisfies Status['state'][])

function isRecord(value: Fields): value is Fields & MonitorRecord {
  const { options, lastCheck, ended } = value
  return (
    value['version'] === recordVersion &&
    has(value, 'string', 'id', 'command', 'target', 'startedAt', 'since') &&
    has(value, 'number', 'failures', 'retries', 'worstCaseMs') &&
    stateNames.has(value['state']) &&
    isIdentity(value['process']) &&
    isObject(options) &&
    Object.values(options).every(isScalar) &&
    (lastCheck === undefined || isLastCheck(lastCheck)) &&
    (ended === undefined || isEnded(ended)) &&
    (value['uptimeMs'] === undefined || has(value, 'number', 'uptimeMs')) &&
    (value['pausedUptimeMs'] === undefined || has(value, 'number', 'pausedUptimeMs')) &&
    (value['succeeded'] === undefined || typeof value['succeeded'] === 'boolean') &&
    isOptionalText(value['nextCheck']) &&
    isOptionalText(value['pausedSince'])
  )
}
