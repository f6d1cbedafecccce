import type { Announcement } from '../alert/announcement.ts'

/** The announcement of an error that the system gave us: alert 42 with its call and its number. */
export function systemError(error: unknown): Announcement {
  const { syscall, errno, code } = fieldsOf(error)
  return {
    id: 42,
    text: typeof syscall === 'string' ? syscall : 'internal',
    nn: typeof errno === 'number' ? Math.abs(errno) : 0,
    detail: { reason: String(error), ...(typeof code === 'string' && { code }) },
  }
}

type Fields = { syscall?: unknown; errno?: unknown; code?: unknown }

/** The system's own words on an error, or on the one that caused it. */
function fieldsOf(error: unknown): Fields {
  if (!(error instanceof Error)) return {}
  const fields = Object.assign<Fields, Error>({}, error)
  return fields.syscall === undefined && error.cause !== undefined ? fieldsOf(error.cause) : fields
}
