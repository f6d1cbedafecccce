import type { Announcement } from '../../alert/announcement.ts'
import { problemsOfLicense, readSettings, settingsFile } from '../settings/settings.ts'
import {
  licenseAnnouncement,
  licenseReminder,
  mayStart,
  type LicenseMemory,
} from './license-announcement.ts'
import type { LicensePlaces } from './license-places.ts'
import { licenseVerdict } from './license-verdict.ts'

/** What guards a monitor's license, and how it makes itself heard. */
export type LicenseGuard = {
  places: LicensePlaces
  hostName: () => string
  announce: (announcement: Announcement) => void
  log: (text: string) => void
  now?: () => Date
  /** does some work again and again until the returned function is called */
  repeat?: (work: () => void) => () => void
}

const hourMs = 3_600_000

/**
 * Looks at the license when a monitor starts, says what is to be said about it, and goes on saying
 * it while the monitor runs. That is done from memory: a disk that hangs must not hold up the watch.
 */
export async function guardLicense({
  places,
  hostName,
  announce,
  log,
  now = () => new Date(),
  repeat = hourly,
}: LicenseGuard): Promise<{ mayStart: boolean; close: () => void }> {
  const shared = await sharedDirectory(places.etc, log)
  const { verdict, note, on } = await licenseVerdict({ places, shared, hostName, now: now() })
  if (note !== undefined) log(`license: ${note}`)
  const announcement = licenseAnnouncement(verdict)
  if (announcement !== undefined) announce(announcement)
  if (verdict.kind === 'overlap') {
    log(`license: ${verdict.serial} is also held by ${verdict.with}`)
  }
  if (!mayStart(verdict)) return { mayStart: false, close: () => {} }
  let memory: LicenseMemory = {}
  const remind = (isStart: boolean): void => {
    const reminder = licenseReminder(on(now()), memory)
    memory = reminder.memory
    // A start has named the end of a trial just now.
    const isSaid = isStart && announcement !== undefined
    if (reminder.announcement !== undefined && !isSaid) announce(reminder.announcement)
  }
  remind(true)
  const close = repeat(() => {
    remind(false)
  })
  return { mayStart: true, close }
}

/** A configuration that cannot be read is no reason not to watch. */
async function sharedDirectory(
  etc: string,
  log: (text: string) => void,
): Promise<string | undefined> {
  const settings = await readSettings(settingsFile(etc))
  const [problem] = problemsOfLicense(settings)
  if (problem === undefined) return settings.shared
  // Loaded only here: hardly any monitor ever says this.
  const [{ loadConfigTexts }, { explainConfig }] = await Promise.all([
    import('../settings/config-texts.ts'),
    import('../settings/explain-config.ts'),
  ])
  log(`${explainConfig(problem, await loadConfigTexts('en'))} Licenses are not compared.`)
  return undefined
}

function hourly(work: () => void): () => void {
  const timer = setInterval(work, hourMs).unref()
  return () => {
    clearInterval(timer)
  }
}
