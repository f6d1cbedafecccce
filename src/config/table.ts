import type { Kind, ValueOf } from './kinds.ts'
import { nearest } from './nearest.ts'
import type { Spot } from './spot.ts'

/** The keys of a table, each with what its value must be. */
export type Keys = Readonly<Record<string, Kind<unknown>>>

/** What a table with these keys says. */
export type TableOf<K extends Keys> = { readonly [Name in keyof K]: ValueOf<K[Name]> }

/** A table of known keys; with `hidden` ones that are understood, but not offered. */
export function table<K extends Keys>(keys: K, hidden: Keys = {}): Kind<TableOf<K>> {
  const all: Keys = { ...hidden, ...keys }
  const values = (fields: Readonly<Record<string, unknown>>, spot: Spot): TableOf<K> => {
    const found = Object.entries(all).map(([name, kind]) => [
      name,
      Object.hasOwn(fields, name)
        ? kind.read(fields[name], spot.at(name))
        : kind.absent(spot.at(name)),
    ])
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one value of its kind for each key
    return Object.fromEntries(found) as TableOf<K>
  }
  return {
    absent: (spot) => values({}, spot),
    read: (value, spot) => {
      if (!isTable(value)) {
        spot.report('not-table', { allowed: Object.keys(keys).join(', ') })
        return undefined
      }
      const offered = Object.keys(keys)
      for (const name of Object.keys(value)) {
        if (Object.hasOwn(all, name)) continue
        const allowed = offered.join(', ')
        spot.at(name).report('unknown-key', { allowed }, nearest(name, offered))
      }
      return values(value, spot)
    },
  }
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  // A date is no table.
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
