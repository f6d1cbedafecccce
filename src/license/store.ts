import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { readPrivateFile, type FileTrouble } from './private-file.ts'
import { StoreError } from './store-error.ts'
import { withStoreLock } from './store-lock.ts'
import { decodeStore, encodeStore, type Registration, type TextTrouble } from './store-text.ts'

/** What the store of licenses holds, or why that is not known. */
export type StoreState = { registrations: Registration[] } | { trouble: StoreTrouble }

/** Why the store cannot be read. */
export type StoreTrouble = Exclude<FileTrouble, 'absent'> | TextTrouble

/** The file that holds the licenses of this server. */
export function storeFile(lib: string): string {
  return join(lib, 'license.json')
}

/** Reads the licenses registered here; no file is no license. */
export function readStore(lib: string): StoreState {
  const found = readPrivateFile(storeFile(lib))
  if ('trouble' in found) {
    return found.trouble === 'absent' ? { registrations: [] } : { trouble: found.trouble }
  }
  const decoded = decodeStore(found.text)
  return Array.isArray(decoded) ? { registrations: decoded } : { trouble: decoded }
}

/** What became of a change: where an unreadable store was put to make room for the new one. */
export type StoreChange = { setAside: string | undefined }

/** Changes the licenses registered here; of several at the same time, none is lost. */
export async function changeStore(
  lib: string,
  uid: number,
  change: (registrations: readonly Registration[]) => readonly Registration[],
  waitMs = 10_000,
): Promise<StoreChange> {
  prepareDirectory(lib, uid)
  const file = storeFile(lib)
  return withStoreLock(file, waitMs, (isOurs) => {
    const state = readStore(lib)
    const unreadable = 'trouble' in state
    const registrations = change(unreadable ? [] : state.registrations)
    const setAside = unreadable ? freeName(`${file}.unreadable`) : undefined
    try {
      replaceFile(lib, file, encodeStore(registrations), () => {
        if (!isOurs()) throw new StoreError('locked', file)
        if (setAside !== undefined) renameSync(file, setAside)
      })
    } catch (error) {
      throw error instanceof StoreError ? error : new StoreError('write', file, error)
    }
    return { setAside }
  })
}

/** What was put aside before stays: somebody may still want to look into it. */
function freeName(name: string): string {
  let free = name
  for (let number = 2; isThere(free); number += 1) free = `${name}.${number}`
  return free
}

function isThere(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch {
    return false
  }
}

function prepareDirectory(lib: string, uid: number): void {
  try {
    mkdirSync(lib, { recursive: true, mode: 0o700 })
    const about = statSync(lib)
    const foreign = about.uid !== uid && about.uid !== 0
    if (foreign || (about.mode & 0o022) !== 0) throw new StoreError('unsafe', lib)
  } catch (error) {
    throw error instanceof StoreError ? error : new StoreError('directory', lib, error)
  }
}

/** After a power loss there is the old file or the new one, never half of one. */
function replaceFile(lib: string, file: string, text: string, beforeRename: () => void): void {
  const made = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`
  try {
    const fd = openSync(made, 'wx', 0o600)
    try {
      writeFileSync(fd, text)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    beforeRename()
    renameSync(made, file)
  } finally {
    rmSync(made, { force: true })
  }
  const directory = openSync(lib, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
