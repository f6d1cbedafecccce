import type { RepairSettings, RepairStepSettings } from '../../config/repair-kinds.ts'
import {
  absenceText,
  builtInSteps,
  endsStopped,
  isAbsence,
  isOnThisHost,
} from '../../repair/built-in-steps.ts'
import type { RepairPlan, RepairStep } from '../../repair/plan.ts'

/** Whose plan it is; without an ID that of any watch of its kind. */
export type PlanFor = { kind: 'samba' | 'nfs'; id?: string }

const defaultLimitS = 30

/** What may be tried for a watch by the configuration; undefined where that is nothing. */
export function planOf(
  settings: RepairSettings | undefined,
  { kind, id }: PlanFor,
  exists: (path: string) => boolean = isOnThisHost,
): RepairPlan | undefined {
  if (settings?.enabled !== true) return undefined
  const steps = settings.step.flatMap((step) => {
    const isMeant = id === undefined || step.watches === undefined || step.watches.includes(id)
    return kindOf(step) === kind && isMeant ? [stepOf(step, exists)] : []
  })
  if (steps.length === 0) return undefined
  return {
    steps,
    perHour: settings['per-hour'],
    perDay: settings['per-day'],
    totalMs: settings.total * 1000,
    settleMs: settings.settle * 1000,
    waitMs: (settings.wait ?? settings.total) * 1000,
  }
}

/** The kind of servers that a step is for. */
export function kindOf({ kind, use }: RepairStepSettings): 'samba' | 'nfs' | undefined {
  return kind ?? (use === undefined ? undefined : builtInSteps[use]?.kind)
}

/** A step as it is tried. */
export function stepOf(
  { name, use, command, causes, timeout, remote }: RepairStepSettings,
  exists: (path: string) => boolean,
): RepairStep {
  const builtIn = use === undefined ? undefined : builtInSteps[use]
  const found = builtIn?.command(exists) ?? []
  const own = isAbsence(found) ? absenceText(found) : found
  const ends = command === undefined && builtIn ? endsStopped(builtIn, own) : undefined
  return {
    name: name ?? use ?? '',
    causes: causes ?? builtIn?.causes ?? [],
    command: command ?? own,
    ...(ends && { endsStopped: ends }),
    limitMs: (timeout ?? builtIn?.limitS ?? defaultLimitS) * 1000,
    remote,
  }
}
