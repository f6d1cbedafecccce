import { limits } from './limits.ts'
import { Refusal } from './refusal.ts'
import type { AlertFilter } from './source.ts'

/** What a request wants of the alerts. */
export type AlertQuery = {
  filter: AlertFilter
  limit: number
  cursor: string | undefined
  host: string | undefined
  /** only with `scope=own`: the raw positions of this host */
  ownOnly: boolean
  before: string | undefined
  after: string | undefined
}

const levels = ['info', 'warn', 'error'] as const
const known: ReadonlySet<string> = new Set([
  'level',
  'event',
  'text',
  'watch',
  'limit',
  'cursor',
  'host',
  'scope',
  'before',
  'after',
])

/** Reads the query of a request for alerts; throws a Refusal that names the parameter. */
export function alertQuery(parameters: URLSearchParams): AlertQuery {
  for (const name of new Set(parameters.keys())) {
    if (!known.has(name)) throw wrong('a parameter is unknown')
    if (parameters.getAll(name).length > 1) throw wrong(`${name} is there more than once`)
  }
  const value = (name: string): string | undefined => parameters.get(name) ?? undefined
  const ownOnly = isOwnScope(parameters)
  const level = levels.find((each) => each === value('level'))
  if (level === undefined && value('level') !== undefined) {
    throw wrong('level is info, warn or error')
  }
  const event = value('event')
  if (event !== undefined && !/^\d{1,4}$/.test(event)) throw wrong('event is an event ID')
  const watch = value('watch')
  if (watch !== undefined && !/^[0-9A-Za-z]{1,255}$/.test(watch)) {
    throw wrong('watch is the identifier of a watch')
  }
  const limit = value('limit') ?? '100'
  const most = limits.pageLength
  if (
    !/^\d{1,5}$/.test(limit) ||
    Number(limit) < 1 ||
    Number(limit) > Math.max(most, limits.caughtUp)
  ) {
    throw wrong(`limit is a number from 1 to ${most}`)
  }
  const text = value('text')
  if (text !== undefined && text.length > 200) throw wrong('text is longer than 200 characters')
  if (!ownOnly && (value('before') ?? value('after')) !== undefined) {
    throw wrong('before and after go with scope=own only')
  }
  return {
    filter: {
      level,
      event: event === undefined ? undefined : Number(event),
      text: text === '' ? undefined : text,
      watch,
    },
    limit: Math.min(Number(limit), ownOnly ? limits.caughtUp : most),
    cursor: value('cursor'),
    host: value('host'),
    ownOnly,
    before: value('before'),
    after: value('after'),
  }
}

/** Whether only what is this host's own is asked for. */
export function isOwnScope(parameters: URLSearchParams): boolean {
  const scope = parameters.get('scope')
  if (scope !== null && scope !== 'own') throw wrong('scope is own')
  return scope === 'own'
}

function wrong(message: string): Refusal {
  return new Refusal(400, 'bad-request', message)
}
