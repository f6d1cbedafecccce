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
  /** what a monitor does there: no record, no monitor; what else it writes it goes on without */
  use: 'records' | 'writes' | 'reads'
} & At

type At =
  | { kind: 'missing' }
  | { kind: 'other' }
  | { kind: 'directory'; mode: number; uid: number; isWritable: boolean; free: Free }

/** What there is room for; without a number of files the file system sets no limit to it. */
type Free = { bytes: number; files?: number }

/** With less not even a record can be written. */
const spentBytes = 64 * 1024

/** Below this a log is soon full. */
const leastFreeBytes = 16 * 1024 * 1024

/** What is wrong with one of our directories; its mode and its absence can be mended. */
export function judgeDirectory(facts: DirectoryFacts, ownUid: number): Finding[] {
  const { path, isPrivate, use } = facts
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
  if (use !== 'reads') found.push(...judgeRoom(facts, use === 'records' ? 'failure' : 'warning'))
  return found.length > 0 ? found : [{ grade: 'ok', what: 'well', values }]
}

function judgeRoom(
  { path, isWritable, free }: { path: string; isWritable: boolean; free: Free },
  grade: 'failure' | 'warning',
): Finding[] {
  if (!isWritable) return [{ grade, what: 'readOnly', values: { path } }]
  if (free.files === 0) return [{ grade, what: 'noFiles', values: { path } }]
  if (free.bytes < spentBytes) return [{ grade, what: 'spent', values: { path } }]
  if (free.bytes >= leastFreeBytes) return []
  const mib = Math.floor(free.bytes / 1024 / 1024)
  return [{ grade: 'warning', what: 'full', values: { path, mib } }]
}

/** Looks at all of them. */
export async function lookAtDirectories(layout: Layout, ownUid: number): Promise<Finding[]> {
  const places = [
    { path: layout.run, isPrivate: true, use: 'records' },
    { path: layout.lib, isPrivate: true, use: 'writes' },
    { path: layout.log, isPrivate: false, use: 'writes' },
    { path: layout.etc, isPrivate: false, use: 'reads' },
  ] as const
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
  const { bavail, bsize, files, ffree } = await statfs(path)
  return {
    kind: 'directory',
    mode,
    uid,
    isWritable: await canWrite(path),
    free: { bytes: bavail * bsize, ...(files > 0 && { files: ffree }) },
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
