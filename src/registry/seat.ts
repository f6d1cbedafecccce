import { linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { codeOf } from './code-of.ts'
import { withLock } from './lock.ts'
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts'

/** How long to wait for others who look at the same seat. */
const lockWaitMs = 5000

/** What is in the file of a seat. */
type Holder = ProcessIdentity & { token: string }

/**
 * Takes a seat that only one process of the host can have, until the returned function is called or
 * the process is gone, in whatever way; undefined while another one has it.
 */
export async function takeSeat(path: string): Promise<(() => Promise<void>) | undefined> {
  const identity = identityOf(process.pid)
  if (identity === undefined) return undefined
  const mine: Holder = { ...identity, token: randomUUID() }
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (sitDown(path, mine)) return async () => standUp(path, mine)
    const other = holderOf(path)
    if (other === 'nobody') continue
    if (other !== 'unreadable' && isRunning(other)) return undefined
    await clear(path)
  }
  return undefined
}

/** The file appears under its name with all that is in it, or not at all. */
function sitDown(path: string, mine: Holder): boolean {
  const prepared = `${path}.${mine.token}.tmp`
  try {
    writeFileSync(prepared, JSON.stringify(mine), { flag: 'wx', mode: 0o600 })
    linkSync(prepared, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    unlinkIfThere(prepared)
  }
}

function standUp(path: string, mine: Holder): void {
  const holder = holderOf(path)
  if (typeof holder === 'object' && holder.token === mine.token) unlinkIfThere(path)
}

/** Clears a seat whose holder is gone; of all who want to, one at a time looks once more. */
async function clear(path: string): Promise<void> {
  await withLock({ path: `${path}.lock`, waitMs: lockWaitMs }, async ({ isOurs }) => {
    const holder = holderOf(path)
    const isGone = holder === 'unreadable' || (holder !== 'nobody' && !isRunning(holder))
    if (isGone && isOurs()) unlinkIfThere(path)
  })
}

function holderOf(path: string): Holder | 'nobody' | 'unreadable' {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isHolder(value) ? value : 'unreadable'
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'nobody' : 'unreadable'
  }
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map<string, unknown>(Object.entries(value))
  return (
    typeof fields.get('pid') === 'number' &&
    ['startTicks', 'bootId', 'token'].every((name) => typeof fields.get(name) === 'string')
  )
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}
