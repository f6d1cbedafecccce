import { constants } from 'node:fs'
import { access, chmod, lstat, mkdir, statfs } from 'node:fs/promises'
import { codeOf } from '../registry/code-of.ts'
import type { Layout } from '../registry/layout.ts'
import type { Finding } from './finding.ts'

/** What is at the place of a directory. */
export type DirectoryFacts = {
  path: string
  /** nobody else may look into it */
  isPrivate: boolean
} & At

type At =
  | { kind: 'missing' }
  | { kind: 'other' }
  | { kind: 'directory'; mode: number; uid: number; isWritable: boolean; freeBytes: number }

/** Below this a log is soon full. */
const leastFreeBytes = 16 * 1024 * 1024

/** What is wrong with one of our directories; its mode and its absence can be mended. */
export function judgeDirectory(facts: DirectoryFacts, ownUid: number): Finding[] {
  const { path, isPrivate } = facts
  const mode = isPrivate ? '0700' : '0755'
  const values = { path, mode }
  if (facts.kind === 'other') return [{ grade: 'failure', what: 'notADirectory', values }]
  if (facts.kind === 'missing') {
    const mend = async (): Promise<void> => {
      await mkdir(path, { recursive: true, mode: isPrivate ? 0o700 : 0o755 })
    }
    return [{ grade: 'warning', what: 'missing', values, mend }]
  }
  const found: Finding[] = []
  if (facts.uid !== ownUid) {
    found.push({ grade: 'failure', what: 'owner', values: { path, uid: facts.uid, own: ownUid } })
  }
  if ((facts.mode & (isPrivate ? 0o077 : 0o022)) !== 0) {
    const is = (facts.mode & 0o7777).toString(8).padStart(4, '0')
    found.push({
      grade: 'failure',
      what: 'mode',
      values: { path, mode, is },
      mend: async () => chmod(path, isPrivate ? 0o700 : 0o755),
    })
  }
  if (!facts.isWritable) found.push({ grade: 'failure', what: 'readOnly', values })
  else if (facts.freeBytes < leastFreeBytes) {
    const mib = Math.floor(facts.freeBytes / 1024 / 1024)
    found.push({ grade: 'warning', what: 'full', values: { path, mib } })
  }
  return found.length > 0 ? found : [{ grade: 'ok', what: 'well', values }]
}

/** Looks at all of them. */
export async function lookAtDirectories(layout: Layout, ownUid: number): Promise<Finding[]> {
  const places = [
    { path: layout.run, isPrivate: true },
    { path: layout.lib, isPrivate: true },
    { path: layout.log, isPrivate: false },
    { path: layout.etc, isPrivate: false },
  ]
  const findings: Finding[] = []
  for (const place of places) {
    findings.push(...judgeDirectory({ ...place, ...(await directoryAt(place.path)) }, ownUid))
  }
  return findings
}

async function directoryAt(path: string): Promise<At> {
  let stats
  try {
    stats = await lstat(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { kind: 'missing' }
    if (codeOf(error) === 'ENOTDIR') return { kind: 'other' }
    throw error
  }
  if (!stats.isDirectory()) return { kind: 'other' }
  const { mode, uid } = stats
  const { bavail, bsize } = await statfs(path)
  return {
    kind: 'directory',
    mode,
    uid,
    isWritable: await canWrite(path),
    freeBytes: bavail * bsize,
  }
}

async function canWrite(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}
