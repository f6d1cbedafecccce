/** What a monitor can be told to do. */
export const controlActions = ['stop', 'pause', 'continue', 'status', 'reload'] as const
export type ControlAction = (typeof controlActions)[number]

/** A request to a monitor; an ID belongs to the command that registered it. */
export type ControlRequest = { command: string; action: ControlAction }

/** The answer, given after the request took effect. */
export type ControlAnswer = { ok: boolean; state: string; text: string }

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
  return action === undefined ? undefined : { command: value.command, action }
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
  return { ok, state, text }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
