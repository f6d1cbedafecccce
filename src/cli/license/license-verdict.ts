import { checkLicense, type LicenseVerdict } from '../../license/check.ts'
import type { Claim } from '../../license/claim.ts'
import { localDay } from '../../license/day.ts'
import { heldLicenses } from '../../license/held.ts'
import { communitySecret, readIssuerSecret } from '../../license/issuer-secret.ts'
import { machineNames } from '../../license/machine.ts'
import { claimShared } from '../../license/shared-directory.ts'
import { readStore, storeFile } from '../../license/store.ts'
import type { Registration } from '../../license/store-text.ts'
import { issuerFile, type LicensePlaces } from './license-places.ts'

/** What a monitor knows when it asks whether it may run. */
export type LicenseQuestion = {
  places: LicensePlaces
  /** `license.shared` of the configuration */
  shared: string | undefined
  hostName: () => string
  now: Date
}

/** The answer, and what could not be looked at for it. */
export type LicenseAnswer = {
  verdict: LicenseVerdict
  note?: string
  /** the same licenses on another day, without another look at the disk */
  on: (now: Date) => LicenseVerdict
}

const product = 'FSMON20'

/** A start waits no longer than this for the directory that servers share. */
const sharedLimitMs = 5000

/** Reads and judges the licenses of this server; loads nothing that a monitor would not use again. */
export async function licenseVerdict({
  places,
  shared,
  hostName,
  now,
}: LicenseQuestion): Promise<LicenseAnswer> {
  const state = readStore(places.lib)
  if ('trouble' in state) {
    const reason = `${storeFile(places.lib)}: ${state.trouble}`
    const verdict = { kind: 'unreadable', alertId: 54, reason } as const
    return { verdict, on: () => verdict }
  }
  const ours = state.registrations.filter((each) => each.product === product)
  const machines = machineNames(places.lib, places.machineIdFiles)
  const issuer = readIssuerSecret(issuerFile(places))
  const own = 'secret' in issuer && issuer.secret !== undefined ? [issuer.secret] : []
  const seen = await othersClaims(ours, machines, shared, hostName)
  const held = heldLicenses(ours, {
    secrets: [...own, communitySecret],
    machines,
    claims: seen.claims,
  })
  const on = (day: Date): LicenseVerdict => checkLicense(held, localDay(day), product)
  const verdict = on(now)
  if (verdict.kind === 'unreadable' && 'trouble' in issuer) {
    const reason = `${verdict.reason}; ${issuerFile(places)}: ${issuer.trouble}`
    return { verdict: { ...verdict, reason }, on }
  }
  return seen.note === undefined ? { verdict, on } : { verdict, on, note: seen.note }
}

/** What servers say in the directory they share, after we have said ours; a dead one stops nobody. */
async function othersClaims(
  ours: readonly Registration[],
  machines: readonly string[],
  directory: string | undefined,
  hostName: () => string,
): Promise<{ claims: readonly Claim[]; note?: string }> {
  const mine = ours.filter(({ machine }) => machines.includes(machine))
  if (directory === undefined || mine.length === 0) return { claims: [] }
  const claims = mine.map(({ serial, machine }) => ({ product, serial, machine, host: hostName() }))
  const found = await claimShared(directory, claims, AbortSignal.timeout(sharedLimitMs))
  return 'trouble' in found
    ? { claims: [], note: `${directory}: ${found.reason}` }
    : { claims: found.claims }
}
