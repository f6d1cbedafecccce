import { createHash } from 'node:crypto'

/** One license as it lies in the store; what it grants is in its key. */
export type Registration = {
  product: string
  serial: string
  key: string
  /** the name of the machine that it was registered on */
  machine: string
  /** when, for showing only */
  registered: string
}

/** Why the text of a store cannot be used. */
export type TextTrouble = 'damaged' | 'newer'

const format = 1

/** The text of a store: a digest shows when a byte of it has changed. */
export function encodeStore(registrations: readonly Registration[]): string {
  return `${JSON.stringify({ format, sha256: digestOf(registrations), licenses: registrations })}\n`
}

/** Reads the text of a store. */
export function decodeStore(text: string): Registration[] | TextTrouble {
  const found = parse(text)
  if (found === undefined) return 'damaged'
  if (typeof found.format === 'number' && found.format > format) return 'newer'
  const { licenses } = found
  if (found.format !== format || !Array.isArray(licenses)) return 'damaged'
  const registrations = licenses.filter(isRegistration)
  if (registrations.length !== licenses.length) return 'damaged'
  return found.sha256 === digestOf(registrations) ? registrations : 'damaged'
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isRegistration(value: unknown): value is Registration {
  const keys = ['product', 'serial', 'key', 'machine', 'registered']
  return isObject(value) && keys.every((key) => typeof value[key] === 'string')
}

function digestOf(registrations: readonly Registration[]): string {
  return createHash('sha256').update(JSON.stringify(registrations)).digest('hex')
}
