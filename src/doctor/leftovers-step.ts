import { lstat, readdir, rmdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { isListening } from '../registry/control-client.ts'
import { codeOf } from '../registry/code-of.ts'
import { isIdentifier } from '../registry/identifier.ts'
import type { Registry } from '../registry/registry.ts'
import type { Finding } from './finding.ts'

/** What is younger may belong to a moment that is not over. */
const leastAgeMs = 60_000

/** How long it may take to find out whether anybody listens on a socket. */
const knockMs = 500

/** Looks for what monitors have left behind that are gone; of those that run nothing is touched. */
export async function lookAtLeftovers(
  directory: string,
  registry: Pick<Registry, 'list' | 'remove'>,
  now: Date,
): Promise<Finding[]> {
  const entries = await registry.list()
  const found: Finding[] = []
  for (const [stem, entry] of entries) {
    if (entry.kind === 'dead') {
      const { id, command, process } = entry.record
      const mend = async (): Promise<void> => {
        await registry.remove(id, command)
      }
      found.push({
        grade: 'warning',
        what: 'record',
        values: { id, command, pid: process.pid },
        mend,
      })
    } else if (entry.kind === 'unreadable' && !entry.isLive) {
      const file = join(directory, `${stem}.json`)
      const mend = async (): Promise<void> => {
        await registry.remove(stem, '')
      }
      const values = { file, reason: entry.reason }
      found.push({ grade: 'warning', what: 'damaged', values, ...(isIdentifier(stem) && { mend }) })
    }
  }
  for (const name of await namesIn(directory)) {
    const finding = await leftover(directory, name, new Set(entries.keys()), now)
    if (finding !== undefined) found.push(finding)
  }
  return found.length > 0 ? found : [{ grade: 'ok', what: 'clean' }]
}

async function leftover(
  directory: string,
  name: string,
  stems: ReadonlySet<string>,
  now: Date,
): Promise<Finding | undefined> {
  const file = join(directory, name)
  const values = { file }
  if (name.endsWith('.sock')) {
    if (stems.has(name.slice(0, -'.sock'.length)) || (await isYoung(file, now))) return undefined
    if (await isListening({ directory, name }, AbortSignal.timeout(knockMs))) return undefined
    return { grade: 'warning', what: 'socket', values, mend: async () => unlink(file) }
  }
  if (!name.startsWith('.') || (await isYoung(file, now))) return undefined
  if (name.endsWith('.tmp')) {
    return { grade: 'warning', what: 'temporary', values, mend: async () => unlink(file) }
  }
  if (name.endsWith('.lock')) {
    return { grade: 'warning', what: 'lock', values, mend: async () => rmdir(file) }
  }
  return undefined
}

/** A lock is renewed while it is held, and what is written is soon moved to its place. */
async function isYoung(file: string, now: Date): Promise<boolean> {
  try {
    const { ctimeMs, mtimeMs } = await lstat(file)
    const ageMs = now.getTime() - Math.max(ctimeMs, mtimeMs)
    return ageMs < leastAgeMs
  } catch {
    return true
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).toSorted()
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return []
    throw error
  }
}
