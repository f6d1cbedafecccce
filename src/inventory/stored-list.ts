import type { Item } from './item.ts'

/** What was found of one server by one protocol when it last answered. */
export type StoredList = {
  at: string
  askedAs: string
  items: readonly Item[]
}

const version = 1

/** Turns a list into the text of its file. */
export function encodeStoredList(list: StoredList): string {
  return `${JSON.stringify({ version, ...list })}\n`
}

/** Turns the text of a file into a list; undefined for what is none. */
export function decodeStoredList(text: string): StoredList | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isObject(value) || value['version'] !== version) return undefined
  const { at, askedAs, items } = value
  if (typeof at !== 'string' || typeof askedAs !== 'string' || !Array.isArray(items)) {
    return undefined
  }
  return items.every(isItem) ? { at, askedAs, items } : undefined
}

function isItem(value: unknown): value is Item {
  return (
    isObject(value) &&
    typeof value['name'] === 'string' &&
    isObject(value['properties']) &&
    Object.values(value['properties']).every((property) => typeof property === 'string') &&
    (value['isSpecial'] === undefined || value['isSpecial'] === true)
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
