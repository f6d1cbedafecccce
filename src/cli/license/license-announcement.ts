import type { Announcement } from '../../alert/announcement.ts'
import type { LicenseVerdict } from '../../license/check.ts'
import { alertDate } from '../../license/day.ts'
import { endWarning } from '../../license/end-warning.ts'

/** The alert that a monitor gives about its license when it starts, if any. */
export function licenseAnnouncement(verdict: LicenseVerdict): Announcement | undefined {
  switch (verdict.kind) {
    case 'good':
      return undefined
    case 'trial':
      return endingIn(verdict)
    case 'none':
      return { id: 51 }
    case 'expired': {
      const { serial, until } = verdict
      return { id: 53, text: alertDate(until), detail: { serial } }
    }
    case 'unreadable':
      return { id: 54, detail: { reason: verdict.reason } }
    case 'not-yet': {
      const { serial, from } = verdict
      return { id: 55, text: alertDate(from), detail: { serial } }
    }
    case 'overlap': {
      const { serial, with: host } = verdict
      return { id: 56, detail: { serial, host } }
    }
  }
}

/** Whether a monitor may start with what was found. */
export function mayStart(verdict: LicenseVerdict): boolean {
  return verdict.kind === 'good' || verdict.kind === 'trial'
}

/** What a running monitor has said about its license so far. */
export type LicenseMemory = { warnedAt?: number; toldOfEnd?: true }

/**
 * What a running monitor has to say about its license today, and what it then has said: 30, 7 and 1
 * days before the end, and once when it has none that is good. It goes on watching in every case.
 */
export function licenseReminder(
  verdict: LicenseVerdict,
  memory: LicenseMemory,
): { announcement?: Announcement; memory: LicenseMemory } {
  if (!mayStart(verdict)) {
    const announcement = memory.toldOfEnd === true ? undefined : licenseAnnouncement(verdict)
    if (announcement === undefined) return { memory }
    return { announcement, memory: { ...memory, toldOfEnd: true } }
  }
  if (!('daysLeft' in verdict) || verdict.daysLeft === undefined) return { memory: {} }
  const due = endWarning(verdict.daysLeft, memory.warnedAt)
  // A license that was prolonged is warned about anew.
  if (due === undefined) return { memory: verdict.daysLeft > 30 ? {} : memory }
  return { announcement: endingIn(verdict), memory: { warnedAt: due } }
}

function endingIn({
  serial,
  until = 0,
  daysLeft = 0,
}: {
  serial: string
  until?: number
  daysLeft?: number
}): Announcement {
  return { id: 52, text: alertDate(until), detail: { serial, daysLeft } }
}
