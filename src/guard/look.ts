import type { ControlReply } from '../registry/control-client.ts'
import type { ControlRequest } from '../registry/control-message.ts'
import type { MonitorRecord } from '../registry/record.ts'
import type { Entry } from '../registry/registry.ts'
import { overdueMs, patienceMs, starvedMs } from '../view/overdue.ts'
import { seenWatch, type SeenAt } from '../view/watches.ts'
import { keyOf, type Finding, type Trouble } from './finding.ts'

/** The last checks that began late, by ID: which one, and how many of them in a row were seen. */
export type LateChecks = Readonly<Record<string, { at: string; inRow: number }>>

/** What a look at all monitors needs. */
export type LookParts = {
  entries: ReadonlyMap<string, Entry>
  at: SeenAt
  bootId: string
  /** when the machine was last seen to go on after a suspension: silence counts from there at the earliest */
  resumedUptimeMs: number
  lateChecks: LateChecks
  ask: (id: string, request: ControlRequest) => Promise<ControlReply>
}

/** What a look came to. */
export type Looked = {
  findings: ReadonlyMap<string, Finding>
  /** those that vanished with an earlier boot of the machine */
  before: readonly MonitorRecord[]
  lateChecks: LateChecks
  /** how many records were looked at */
  count: number
}

type Found = { trouble: Trouble; record: MonitorRecord; ms: number }

type Suspect = { record: MonitorRecord; silentMs: number; lateMs: number; starvedMs: number }

/** So many processes are asked at once. */
const mostAtOnce = 16

/** Looks at every record once. That something was found is not yet true: only a second look makes it so. */
export async function look(parts: LookParts): Promise<Looked> {
  const { entries, at, bootId, resumedUptimeMs } = parts
  const found: Found[] = []
  const before: MonitorRecord[] = []
  const suspects = new Map<string, Suspect[]>()
  const lateChecks: Record<string, { at: string; inRow: number }> = {}
  for (const [stem, entry] of entries) {
    if (entry.kind !== 'live' && entry.kind !== 'dead') continue
    if (entry.kind === 'dead') {
      const { record } = entry
      if (record.process.bootId === bootId) found.push({ trouble: 'vanished', record, ms: 0 })
      else before.push(record)
      continue
    }
    const record = sinceResumed(entry.record, resumedUptimeMs)
    const late = lateCheck(record, parts.lateChecks)
    if (late !== undefined) lateChecks[record.id] = late
    const silentMs =
      seenWatch(stem, { kind: 'live', record }, at)?.state === 'hangs'
        ? at.uptimeMs - (record.uptimeMs ?? at.uptimeMs)
        : 0
    const startedMs = late !== undefined && late.inRow > 1 ? (record.lastCheck?.lateMs ?? 0) : 0
    const lateMs = Math.max(overdueMs(record, at.uptimeMs), startedMs)
    const starved = starvedMs(record)
    if (silentMs === 0 && lateMs === 0 && starved === 0) continue
    const key = processOf(record)
    const suspect = { record, silentMs, lateMs, starvedMs: starved }
    suspects.set(key, [...(suspects.get(key) ?? []), suspect])
  }
  const processes = [...suspects.values()]
  for (let first = 0; first < processes.length; first += mostAtOnce) {
    const some = processes.slice(first, first + mostAtOnce)
    const judged = await Promise.all(some.map(async (its) => judge(its, parts.ask)))
    found.push(...judged.flat())
  }
  const leaders = leadersOf(entries)
  return { findings: byProcess(found, leaders), before, lateChecks, count: entries.size }
}

/** Whether any answers for all of a process. */
async function judge(suspects: readonly Suspect[], ask: LookParts['ask']): Promise<Found[]> {
  const [first] = suspects
  if (first === undefined) return []
  const { id, command } = first.record
  const reply = await ask(id, { command, action: 'status' })
  return suspects.flatMap(({ record, silentMs, lateMs, starvedMs: starved }): Found[] => {
    if (reply.kind !== 'answer') {
      // Who is late and does not answer may be about to; who is silent for so long is not.
      if (silentMs > 0) return [{ trouble: 'hangs', record, ms: silentMs }]
      // Whose checks come to nothing for want of time has none to answer either.
      return starved > 0 ? [{ trouble: 'late', record, ms: starved }] : []
    }
    if (starved > 0) return [{ trouble: 'late', record, ms: Math.max(starved, lateMs) }]
    // Of many watches in a process the first checks wait for a place, however long that takes.
    if (lateMs === 0 && record.sharesProcess === true && record.nextCheck === undefined) return []
    return [{ trouble: 'late', record, ms: lateMs || silentMs }]
  })
}

function sinceResumed(record: MonitorRecord, resumedMs: number): MonitorRecord {
  const { uptimeMs, pauseEnd } = record
  return {
    ...record,
    ...(uptimeMs !== undefined && { uptimeMs: Math.max(uptimeMs, resumedMs) }),
    ...(pauseEnd && {
      pauseEnd: { ...pauseEnd, untilUptimeMs: Math.max(pauseEnd.untilUptimeMs, resumedMs) },
    }),
  }
}

/** One that began late may have had a reason; of two in a row the monitor is late. */
function lateCheck(record: MonitorRecord, before: LateChecks): LateChecks[string] | undefined {
  const { id, lastCheck, state } = record
  if (lastCheck === undefined || state === 'paused' || state === 'ending') return undefined
  if ((lastCheck.lateMs ?? 0) <= patienceMs(record)) return undefined
  const known = Object.hasOwn(before, id) ? before[id] : undefined
  if (known?.at === lastCheck.at) return known
  return { at: lastCheck.at, inRow: (known?.inRow ?? 0) + 1 }
}

function processOf({ process }: MonitorRecord): string {
  return `${process.pid} ${process.startTicks} ${process.bootId}`
}

/** The records of processes that hold the watches of others. */
function leadersOf(entries: ReadonlyMap<string, Entry>): ReadonlyMap<string, MonitorRecord> {
  const leaders = new Map<string, MonitorRecord>()
  for (const entry of entries.values()) {
    if (entry.kind !== 'live' && entry.kind !== 'dead') continue
    if (entry.record.sharesProcess !== true) leaders.set(processOf(entry.record), entry.record)
  }
  return leaders
}

/** One finding for each process and alert, however many watches it has. */
function byProcess(
  found: readonly Found[],
  leaders: ReadonlyMap<string, MonitorRecord>,
): ReadonlyMap<string, Finding> {
  const findings = new Map<string, Finding & { others: string[] }>()
  for (const { trouble, record, ms } of found) {
    const key = keyOf({ trouble, process: record.process })
    const leader = leaders.get(processOf(record)) ?? record
    let finding = findings.get(key)
    if (finding === undefined) {
      const { id, command, target, process } = leader
      finding = { trouble, id, command, target, process, others: [], ms }
      findings.set(key, finding)
    } else if (trouble === 'hangs' || finding.trouble !== 'hangs') {
      finding.ms = Math.max(finding.ms, ms)
    }
    if (record.id !== finding.id) finding.others.push(record.id)
  }
  return findings
}
