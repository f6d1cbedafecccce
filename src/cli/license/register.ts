import { isoDate, localDay } from '../../license/day.ts'
import { readKey, type Terms } from '../../license/key.ts'
import { settleMachine } from '../../license/machine.ts'
import { claimShared, releaseShared } from '../../license/shared-directory.ts'
import { changeStore } from '../../license/store.ts'
import type { Registration } from '../../license/store-text.ts'
import { fill } from '../texts.ts'
import { keyProblemText } from './key-problem-text.ts'
import { changed, issuingSecret, sharedDirectory, type LicenseContext } from './license-context.ts'
import { LicenseRefusal } from './license-refusal.ts'

/** How long the directory that servers share may take to answer. */
const sharedLimitMs = 10_000

/** A license that somebody brings; its key is known to be good for its serial. */
export type NewLicense = { serial: string; key: string; terms: Terms }

/** Judges a key: its terms, or what is wrong with it in words. */
export function judgeKey(
  { serial, key }: { serial: string; key: string },
  context: LicenseContext,
): { terms: Terms } | { problem: string } {
  const { secret } = issuingSecret(context)
  const read = readKey(key, { product: context.product, serial }, [secret])
  return 'terms' in read ? read : { problem: keyProblemText(read.problem, serial, context.texts) }
}

/** Registers licenses on this server, all of them or none. */
export async function register(
  licenses: readonly NewLicense[],
  context: LicenseContext,
): Promise<void> {
  const { places, product, io, now } = context
  const machine = settledMachine(context)
  await claim(licenses, machine, context)
  const added = licenses.map(({ serial, key }): Registration => ({
    product,
    serial,
    key,
    machine,
    registered: now.toISOString(),
  }))
  const notes: string[] = []
  const change = changeStore(places.lib, io.uid, (present) => {
    notes.length = 0
    return added.reduce((all, one) => withLicense(all, one, context, notes), present)
  })
  await changed(change, context)
  for (const note of [...notes, ...licenses.flatMap((each) => termNote(each, context))]) {
    io.err(`${note}\n`)
  }
}

/** The name this machine registers under. */
export function settledMachine({ places, texts }: LicenseContext): string {
  try {
    return settleMachine(places.lib, places.machineIdFiles)
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const text = fill(texts.trouble.write.write, { path: places.lib, reason })
    throw new LicenseRefusal('trouble', text, error)
  }
}

async function claim(
  licenses: readonly NewLicense[],
  machine: string,
  context: LicenseContext,
): Promise<void> {
  const { product, io, texts } = context
  const directory = await sharedDirectory(context)
  if (directory === undefined) return
  const host = io.hostName()
  const claims = licenses.map(({ serial }) => ({ product, serial, machine, host }))
  const found = await claimShared(directory, claims, AbortSignal.timeout(sharedLimitMs))
  if ('trouble' in found) {
    io.err(`${fill(texts.result.sharedTrouble, { directory, reason: found.reason })}\n`)
    return
  }
  const other = found.claims.find(
    (each) =>
      each.product === product &&
      each.machine !== machine &&
      licenses.some(({ serial }) => serial === each.serial),
  )
  if (other === undefined) return
  await releaseShared(directory, claims, AbortSignal.timeout(sharedLimitMs))
  const values = { serial: other.serial, host: other.host, directory }
  throw new LicenseRefusal('notRegistered', fill(texts.result.overlaps, values))
}

function withLicense(
  present: readonly Registration[],
  added: Registration,
  { texts }: LicenseContext,
  notes: string[],
): Registration[] {
  const same = present.filter((each) => isSame(each, added))
  const { serial } = added
  if (same.some(({ key }) => key === added.key)) notes.push(fill(texts.result.already, { serial }))
  else if (same.length > 0) notes.push(fill(texts.result.replaced, { serial }))
  return [...present.filter((each) => !isSame(each, added)), added]
}

function isSame(one: Registration, other: Registration): boolean {
  return one.product === other.product && one.serial === other.serial
}

function termNote({ serial, terms }: NewLicense, { texts, now }: LicenseContext): string[] {
  const today = localDay(now)
  if (terms.from > today) {
    return [fill(texts.result.notYet, { serial, day: isoDate(terms.from) })]
  }
  return terms.until !== 0 && terms.until < today
    ? [fill(texts.result.expired, { serial, day: isoDate(terms.until) })]
    : []
}
