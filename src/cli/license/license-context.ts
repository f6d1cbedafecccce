import {
  communitySecret,
  readIssuerSecret,
  type IssuerSecret,
} from '../../license/issuer-secret.ts'
import { readStore, storeFile, type StoreChange } from '../../license/store.ts'
import { StoreError } from '../../license/store-error.ts'
import type { Registration } from '../../license/store-text.ts'
import type { Io } from '../io.ts'
import { problemsOfLicense, readSettings, settingsFile } from '../settings/settings.ts'
import { fill } from '../texts.ts'
import { issuerFile, type LicensePlaces } from './license-places.ts'
import type { Language } from '../texts.ts'
import { LicenseRefusal } from './license-refusal.ts'
import type { LicenseTexts } from './license-texts.ts'

/** What every action on licenses works with. */
export type LicenseContext = {
  product: string
  places: LicensePlaces
  texts: LicenseTexts
  /** that of the texts; English where nothing is said */
  language?: Language
  io: Io
  now: Date
}

/** The secret that keys are issued and registered with here: an issuer's own, else the public one. */
export function issuingSecret({ places, texts }: LicenseContext): {
  secret: Uint8Array
  isPublic: boolean
} {
  const file = issuerFile(places)
  const found: IssuerSecret = readIssuerSecret(file)
  if ('trouble' in found) {
    throw new LicenseRefusal('trouble', fill(texts.trouble.issuer[found.trouble], { file }))
  }
  return { secret: found.secret ?? communitySecret, isPublic: found.secret === undefined }
}

/** The directory in which servers tell each other which licenses are theirs, if there is one. */
export async function sharedDirectory({
  places,
  language = 'en',
}: LicenseContext): Promise<string | undefined> {
  const settings = await readSettings(settingsFile(places.etc))
  const [problem] = problemsOfLicense(settings)
  if (problem === undefined) return settings.shared
  const [{ loadConfigTexts }, { explainConfig }] = await Promise.all([
    import('../settings/config-texts.ts'),
    import('../settings/explain-config.ts'),
  ])
  const texts = await loadConfigTexts(language)
  throw new LicenseRefusal('invalid', explainConfig(problem, texts))
}

/** The licenses that are registered here, or a refusal that says why they cannot be read. */
export function registered({ places, texts }: LicenseContext): Registration[] {
  const state = readStore(places.lib)
  if (!('trouble' in state)) return state.registrations
  const reason = texts.trouble.store[state.trouble]
  const file = storeFile(places.lib)
  throw new LicenseRefusal('trouble', fill(texts.trouble.storeUnreadable, { file, reason }))
}

/** Waits for a change of the store; what goes wrong is put into words. */
export async function changed(
  change: Promise<StoreChange>,
  { io, texts }: LicenseContext,
): Promise<void> {
  try {
    const { setAside } = await change
    if (setAside !== undefined) io.err(`${fill(texts.result.setAside, { file: setAside })}\n`)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const { cause, path } = error
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    const text = fill(texts.trouble.write[error.kind], { path, reason })
    throw new LicenseRefusal('trouble', text, error)
  }
}
