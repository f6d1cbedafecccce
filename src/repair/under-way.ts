import { readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf } from '../registry/code-of.ts'
import { isRunning, type ProcessIdentity } from '../registry/process-identity.ts'
import { pauseFor } from './pause-for.ts'
import type { RepairClock } from './repair-clock.ts'
import { endSession, membersOf } from './session.ts'

/** The step that runs on this host, for whoever finds it when its monitor is gone. */
export type UnderWay = {
  step: string
  watch: string
  /** the process that was started */
  leader: ProcessIdentity
  /** whose limit it has */
  monitor: ProcessIdentity
  /** when its time is up, in milliseconds since the machine started */
  untilUptimeMs: number
}

const lookMs = 200

/** Where the step stands that is under way: in memory, for it means nothing after a start of the machine. */
export function underWayFile(run: string): string {
  return join(run, 'repair-step')
}

/** Writes down the step that has just been started, in the same breath. */
export function noteUnderWay(run: string, what: UnderWay): void {
  const file = underWayFile(run)
  const prepared = `${file}.${process.pid}.tmp`
  writeFileSync(prepared, JSON.stringify(what), { mode: 0o600 })
  renameSync(prepared, file)
}

/** It is over. */
export function forgetUnderWay(run: string): void {
  try {
    unlinkSync(underWayFile(run))
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

/** The step that is under way; undefined where there is none, or what stands there is of no use. */
export function readUnderWay(run: string): UnderWay | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(underWayFile(run), 'utf8'))
    return isUnderWay(value) ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * Whether a step runs whose monitor is gone. One that has come to its end has not: what it has left
 * running is a server that it has started, and nobody's to be ended.
 */
export function orphanIn(run: string): UnderWay | undefined {
  const found = readUnderWay(run)
  if (found === undefined || isRunning(found.monitor)) return undefined
  return isRunning(found.leader) && membersOf(found.leader).length > 0 ? found : undefined
}

/**
 * Sees to a step whose monitor is gone: waits for its end, and ends it when its time is up. Only for
 * who holds the host's repair seat. False where the signal aborted first, or it cannot be ended.
 */
export async function settleOrphan(
  run: string,
  clock: RepairClock,
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    const orphan = orphanIn(run)
    if (orphan === undefined) break
    if (signal.aborted) return false
    if (clock.uptime() >= orphan.untilUptimeMs) {
      if (!(await endSession(orphan.leader, clock))) return false
      break
    }
    await pauseFor(clock, lookMs, signal)
  }
  forgetUnderWay(run)
  return true
}

function isUnderWay(value: unknown): value is UnderWay {
  if (!isObject(value)) return false
  return (
    typeof value['step'] === 'string' &&
    typeof value['watch'] === 'string' &&
    typeof value['untilUptimeMs'] === 'number' &&
    isIdentity(value['leader']) &&
    isIdentity(value['monitor'])
  )
}

function isIdentity(value: unknown): boolean {
  if (!isObject(value)) return false
  return (
    typeof value['pid'] === 'number' &&
    typeof value['startTicks'] === 'string' &&
    typeof value['bootId'] === 'string'
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
