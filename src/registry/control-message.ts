/** What a monitor can be told to do. */
export const controlActions = ['stop', 'pause', 'continue', 'status'] as const
export type ControlAction = (typeof controlActions)[number]

/** A request to a monitor; an ID belongs to the command that registered it. */
export type ControlRequest = { command: string; action: ControlAction }

/** The answer, given after the request took effect. */
export type ControlAnswer = { ok: boolean; state: string; text: string }
