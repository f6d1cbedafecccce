import { isPauseEnd, type PauseEnd } from './pause-end.ts'
import { isRefusal, type Refusal } from './refusal.ts'

/** What a monitor can be told to do. */
export const controlActions = [
  'stop',
  'pause',
  'continue',
  'status',
  'reload',
  'drill-fault',
  'drill-timeout',
  'drill-slow',
  'drill-end',
] as const
export type ControlAction = (typeof controlActions)[number]

/** A request to a monitor; an ID belongs to the command that registered it. */
export type ControlRequest = {
  command: string
  action: ControlAction
  /** of a pause or a drill: how long it may last */
  seconds?: number
}

/** The longest time that can be asked for. */
export const longestSeconds = 604_800

/** The answer, given after the request took effect. */
export type ControlAnswer = {
  ok: boolean
  state: string
  text: string
  /** of a pause that ends by itself */
  pauseEnd?: PauseEnd
  /** why it was refused, as far as it can be put into words by whoever asked */
  refusals?: readonly Refusal[]
}

/** The longest line, either way. */
export const longestLine = 4096

/** A message as it goes over the wire. */
export function encodeLine(message: ControlRequest | ControlAnswer): string {
  return `${JSON.stringify(message)}\n`
}

/** A request, or undefined where it is none. */
export function decodeRequest(line: string): ControlRequest | undefined {
  const value = parse(line)
  if (typeof value !== 'object' || value === null) return undefined
  if (!('command' in value) || typeof value.command !== 'string') return undefined
  if (!('action' in value)) return undefined
  const action = controlActions.find((known) => known === value.action)
  if (action === undefined) return undefined
  const request = { command: value.command, action }
  if (!('seconds' in value)) return request
  const { seconds } = value
  // A pause that nobody can read the length of must not become one without an end.
  if (typeof seconds !== 'number' || !(seconds > 0 && seconds <= longestSeconds)) {
    return undefined
  }
  return { ...request, seconds }
}

/** An answer, or undefined where it is none. */
export function decodeAnswer(line: string): ControlAnswer | undefined {
  const value = parse(line)
  if (typeof value !== 'object' || value === null) return undefined
  if (!('ok' in value && 'state' in value && 'text' in value)) return undefined
  const { ok, state, text } = value
  if (typeof ok !== 'boolean' || typeof state !== 'string' || typeof text !== 'string') {
    return undefined
  }
  const pauseEnd = 'pauseEnd' in value && isPauseEnd(value.pauseEnd) ? value.pauseEnd : undefined
  const refusals = 'refusals' in value ? value.refusals : undefined
  return {
    ok,
    state,
    text,
    ...(pauseEnd !== undefined && { pauseEnd }),
    ...(Array.isArray(refusals) && refusals.every(isRefusal) && { refusals }),
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
