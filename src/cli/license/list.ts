import type { Claim } from '../../license/claim.ts'
import { isoDate, localDay } from '../../license/day.ts'
import { heldLicenses } from '../../license/held.ts'
import { communitySecret, readIssuerSecret } from '../../license/issuer-secret.ts'
import type { Terms } from '../../license/key.ts'
import { machineNames } from '../../license/machine.ts'
import { claimShared } from '../../license/shared-directory.ts'
import { displayWidth } from '../view/columns.ts'
import { fill } from '../texts.ts'
import { registered, sharedDirectory, type LicenseContext } from './license-context.ts'
import { issuerFile } from './license-places.ts'
import type { LicenseTexts } from './license-texts.ts'

/** A list waits no longer than this for the directory that servers share. */
const sharedLimitMs = 5000

/** Lists the licenses that are registered here; their keys are nobody's business. */
export async function listLicenses(context: LicenseContext): Promise<void> {
  const { io, texts } = context
  const rows = await licenseRows(context)
  if (rows.length === 0) io.out(`${texts.result.none}\n`)
  else io.out(table([texts.result.heading, ...rows]))
}

async function licenseRows(context: LicenseContext): Promise<string[][]> {
  const { places, texts, now } = context
  const registrations = registered(context)
  const issuer = readIssuerSecret(issuerFile(places))
  const own = 'secret' in issuer && issuer.secret !== undefined ? [issuer.secret] : []
  const held = heldLicenses(registrations, {
    secrets: [...own, communitySecret],
    machines: machineNames(places.lib, places.machineIdFiles),
    claims: await othersClaims(context),
  })
  const { forms } = texts.result
  return registrations.map((registration, at) => {
    const { terms, overlapsWith } = held[at] ?? { terms: undefined }
    const note = terms === undefined ? forms.wrong : termNote(terms, localDay(now), texts)
    return [
      registration.product,
      registration.serial,
      terms === undefined ? '-' : texts.division[terms.division],
      terms === undefined ? '-' : rangeText(terms, texts),
      registration.registered.slice(0, 10),
      overlapsWith === undefined ? note : fill(forms.overlap, { host: overlapsWith }),
    ]
  })
}

/** What other servers say is theirs; where that cannot be seen, the list is told without it. */
async function othersClaims(context: LicenseContext): Promise<readonly Claim[]> {
  const { io, texts } = context
  const directory = await sharedDirectory(context)
  if (directory === undefined) return []
  const found = await claimShared(directory, [], AbortSignal.timeout(sharedLimitMs))
  if ('claims' in found) return found.claims
  io.err(`${fill(texts.result.sharedTrouble, { directory, reason: found.reason })}\n`)
  return []
}

function rangeText({ from, until }: Terms, { result }: LicenseTexts): string {
  if (until === 0) return result.forms.unlimited
  return fill(result.forms.range, { from: isoDate(from), until: isoDate(until) })
}

function termNote({ from, until }: Terms, today: number, { result }: LicenseTexts): string {
  if (from > today) return result.forms.notYet
  return until !== 0 && until < today ? result.forms.expired : ''
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => displayWidth(row[at] ?? ''))),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - displayWidth(cell)))
      .join('  ')
      .trimEnd()
  return rows.map((row) => `${line(row)}\n`).join('')
}
