import { releaseShared } from '../../license/shared-directory.ts'
import { changeStore } from '../../license/store.ts'
import { fill } from '../texts.ts'
import { changed, registered, sharedDirectory, type LicenseContext } from './license-context.ts'
import { LicenseRefusal } from './license-refusal.ts'

const sharedLimitMs = 10_000

/** Deletes the license with a serial number, or the only one there is. */
export async function deleteLicense(
  serial: string | undefined,
  context: LicenseContext,
): Promise<void> {
  const { product, places, io, texts } = context
  const chosen = registered(context).filter(
    (each) => each.product === product && (serial === undefined || each.serial === serial),
  )
  const serials = [...new Set(chosen.map((each) => each.serial))]
  const [only, another] = serials
  if (only === undefined) {
    const text = serial === undefined ? texts.result.none : fill(texts.result.notFound, { serial })
    throw new LicenseRefusal('notRegistered', text)
  }
  if (another !== undefined) {
    const text = fill(texts.result.several, { serials: serials.join(', ') })
    throw new LicenseRefusal('invalid', text)
  }
  const change = changeStore(places.lib, io.uid, (present) =>
    present.filter((each) => each.product !== product || each.serial !== only),
  )
  await changed(change, context)
  const directory = await sharedDirectory(context)
  if (directory === undefined) return
  const host = io.hostName()
  const claims = chosen.map(({ machine }) => ({ product, serial: only, machine, host }))
  const found = await releaseShared(directory, claims, AbortSignal.timeout(sharedLimitMs))
  if ('trouble' in found) {
    io.err(`${fill(texts.result.sharedTrouble, { directory, reason: found.reason })}\n`)
  }
}
