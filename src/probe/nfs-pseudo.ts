import type { CompoundCaller } from '../rpc/nfs4/compound-caller.ts'
import { getFh, putFh, putRootFh } from '../rpc/nfs4/file-handle.ts'
import {
  type DirectoryPage,
  directoryType,
  fromTheStart,
  listDirectory,
  lookAt,
  type Position,
} from '../rpc/nfs4/list-directory.ts'
import { Nfs4Error } from '../rpc/nfs4/nfs4-error.ts'
import { MalformedError } from '../wire/malformed-error.ts'

/** What a client of version 4 sees of an export; where it is refused, the status says why. */
export type PseudoExport = { directory: string; refusal?: string }

/** What was found, and whether that is all: a walk has its bounds. */
export type PseudoList = { exports: PseudoExport[]; isComplete: boolean }

/** How far a walk goes. */
export type WalkBounds = { depth: number; directories: number; entries: number }

const usualBounds: Readonly<WalkBounds> = { depth: 16, directories: 512, entries: 65_536 }

/** Repeats what the server asks patience for. */
type Ask = <T>(call: () => Promise<T>) => Promise<T>

type Place = { path: string; handle: Buffer; depth: number }
type Entry = DirectoryPage['entries'][number]

/**
 * The exports below the root of a server of version 4: the root leads to them by directories of a file
 * system of its own, and an export is where another file system begins. Where other things than directories
 * lie beside each other, files are served, and nothing below is looked at.
 */
export async function listPseudoRoot(
  caller: CompoundCaller,
  ask: Ask,
  bounds: WalkBounds = usualBounds,
): Promise<PseudoList> {
  const [, root, handle] = await ask(() => caller.compound([putRootFh, lookAt, getFh]))
  const exports: PseudoExport[] = []
  const places: Place[] = [{ path: '', handle, depth: 0 }]
  let isComplete = true
  let entriesLeft = bounds.entries
  for (let at = 0; at < places.length; at++) {
    const place = places[at]
    if (place === undefined || at >= bounds.directories || place.depth >= bounds.depth) {
      isComplete = false
      break
    }
    const { entries, isAll } = await listAll(caller, ask, place.handle, entriesLeft)
    entriesLeft -= entries.length
    if (!isAll) isComplete = false
    const servesFiles = entries.some(({ attributes: { type } }) => (type ?? 2) !== directoryType)
    if (servesFiles && place.path === '') exports.push({ directory: '/' })
    for (const { name, attributes } of entries) {
      const path = `${place.path}/${name}`
      const { type, fsid, handle: below, error } = attributes
      if (error !== undefined) {
        exports.push({ directory: path, refusal: new Nfs4Error(error, 'READDIR').statusName })
      } else if (type !== directoryType) continue
      else if (fsid !== root.fsid) exports.push({ directory: path })
      else if (!servesFiles && below !== undefined) {
        places.push({ path, handle: below, depth: place.depth + 1 })
      }
    }
  }
  return { exports, isComplete }
}

async function listAll(
  caller: CompoundCaller,
  ask: Ask,
  handle: Buffer,
  most: number,
): Promise<{ entries: Entry[]; isAll: boolean }> {
  const entries: Entry[] = []
  let position: Position = fromTheStart
  for (let seen = 0; ;) {
    const from = position
    const [, page] = await ask(() => caller.compound([putFh(handle), listDirectory(from)]))
    for (const entry of page.entries) {
      if (entry.name === '' || entry.name.includes('/')) {
        throw new MalformedError(`a name that none can be: ${JSON.stringify(entry.name)}`)
      }
      if (entry.name !== '.' && entry.name !== '..') entries.push(entry)
    }
    if (page.isEnd) return { entries, isAll: true }
    const last = page.entries.at(-1)
    if (last === undefined || last.cookie === from.cookie) {
      throw new MalformedError('a directory that does not go on')
    }
    seen += page.entries.length
    if (seen >= most) return { entries, isAll: false }
    position = { cookie: last.cookie, verifier: page.verifier }
  }
}
