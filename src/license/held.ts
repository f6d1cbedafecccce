import type { Claim } from './claim.ts'
import type { HeldLicense } from './check.ts'
import { readKey } from './key.ts'
import type { Registration } from './store-text.ts'

/** What is known besides the store when its licenses are read. */
export type Surroundings = {
  /** an issuer's secret and the community's */
  secrets: readonly Uint8Array[]
  /** the names of this machine; none when they cannot be told */
  machines: readonly string[]
  /** what servers have laid into the directory they share */
  claims: readonly Claim[]
}

/** Reads what lies in the store, and tells which of it others hold as well. */
export function heldLicenses(
  registrations: readonly Registration[],
  around: Surroundings,
): HeldLicense[] {
  return registrations.map((registration) => {
    const read = readKey(registration.key, registration, around.secrets)
    const terms = 'terms' in read ? read.terms : undefined
    const { product, serial } = registration
    const other = overlap(registration, registrations, around)
    return other === undefined
      ? { product, serial, terms }
      : { product, serial, terms, overlapsWith: other }
  })
}

function overlap(
  { product, serial, machine }: Registration,
  all: readonly Registration[],
  { machines, claims }: Surroundings,
): string | undefined {
  const same = (other: { product: string; serial: string }) =>
    other.product === product && other.serial === serial
  if (machines.length > 0 && !machines.includes(machine)) return `machine ${machine.slice(0, 8)}`
  if (all.filter(same).length > 1) return 'this server, registered twice'
  return claims.find((claim) => same(claim) && !machines.includes(claim.machine))?.host
}
