import type { Defaults } from '../settings/settings.ts'

type Values = Readonly<Record<string, string | number | boolean>>

/**
 * What was given, and where nothing was the defaults of the configuration, with those of them that
 * count. A default that goes with something else is left out where that is not so.
 */
export function withDefaults(given: Values, defaults: Defaults): { all: Values; used: Defaults } {
  const used = Object.fromEntries(
    Object.entries(defaults).filter(([name]) => fits(name, given, defaults)),
  )
  const values = Object.fromEntries(Object.entries(used).map(([name, { value }]) => [name, value]))
  // A switch that is off is as if it were not there.
  const on = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== false))
  return { all: { ...on, ...given }, used }
}

function fits(name: string, given: Values, defaults: Defaults): boolean {
  if (given[name] !== undefined) return false
  const inForce = (other: string) => given[other] ?? defaults[other]?.value
  switch (name) {
    case 'path':
      return inForce('depth') === 'read' || inForce('depth') === 'write'
    case 'warning':
    case 'critical':
      return given.nagios === true
    case 'user':
      return given.credentials === undefined
    case 'credentials':
      return given.user === undefined
    case 'domain':
      // A file that is named on the command line says itself which domain it is of.
      if (given.credentials !== undefined) return false
      return inForce('user') !== undefined || inForce('credentials') !== undefined
    default:
      return true
  }
}
