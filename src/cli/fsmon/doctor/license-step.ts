import { compose } from '../../../alert/catalogue.ts'
import type { Finding } from '../../../doctor/finding.ts'
import type { LicenseVerdict } from '../../../license/check.ts'
import { licenseAnnouncement, mayStart } from '../../license/license-announcement.ts'
import { licensePlaces } from '../../license/license-places.ts'
import { licenseVerdict } from '../../license/license-verdict.ts'
import type { Io } from '../../io.ts'

/** From so many days before its end a license is warned of. */
const soonDays = 30

/** Whether monitors may start with what was found. */
export function judgeLicense(verdict: LicenseVerdict): Finding {
  const announcement = licenseAnnouncement(verdict)
  const text = announcement === undefined ? '' : compose('clp_sambamon', '', announcement).message
  if (!mayStart(verdict)) {
    return { grade: 'failure', what: verdict.kind, values: { text, id: announcement?.id ?? 0 } }
  }
  const serial = 'serial' in verdict ? verdict.serial : ''
  const days = 'daysLeft' in verdict ? verdict.daysLeft : undefined
  if (days !== undefined && days <= soonDays) {
    return { grade: 'warning', what: 'ends', values: { serial, days } }
  }
  return { grade: 'ok', what: 'good', values: { serial } }
}

/** Judges the licenses of this server; what servers share about them is left alone. */
export async function lookAtLicense(io: Io, now: Date): Promise<Finding[]> {
  const places = licensePlaces(io.env.CLP_FSMON_ROOT)
  const { hostName } = io
  const { verdict } = await licenseVerdict({ places, shared: undefined, hostName, now })
  return [judgeLicense(verdict)]
}
