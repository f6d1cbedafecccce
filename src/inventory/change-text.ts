import type { Change } from './differences.ts'
import type { Protocol } from './item.ts'

/** The alert that each kind of change is. */
export const alertOf: Readonly<Record<Change['kind'], number>> = {
  appeared: 120,
  vanished: 121,
  changed: 122,
}

/** So much of a property is told; all of it is in the list. */
const longestValue = 200

const versions: Readonly<Record<Protocol, string>> = {
  smb: '',
  nfs3: ' (NFS version 3)',
  nfs4: ' (NFS version 4)',
}

/** What has changed, in the words that an alert leaves open. */
export function changeText(protocol: Protocol, server: string, change: Change): string {
  const { name } = change.item
  const what = protocol === 'smb' ? `[${name}]` : `'${name}'`
  const where = `${what}${versions[protocol]} on ${server}`
  if (change.kind !== 'changed') return where
  const changes = change.properties.map(
    ({ property, before, now }) => `${property} was "${short(before)}", is "${short(now)}"`,
  )
  return `${where}: ${changes.join('; ')}`
}

function short(value: string): string {
  return value.length > longestValue ? `${value.slice(0, longestValue)}...` : value
}
