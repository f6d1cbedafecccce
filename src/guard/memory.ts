import type { Finding } from './finding.ts'
import type { LateChecks } from './look.ts'

/** What a guard keeps from one look to the next, and from one run to the next. */
export type Memory = {
  version: 1
  /** the boot of the machine that it is of */
  bootId: string
  /** how long the machine had been suspended since its start, when last looked */
  suspendedMs: number
  /** when it was first seen after its last suspension */
  resumedUptimeMs: number
  /** what has been alerted and is not over, by the keys of episodes */
  episodes: Readonly<Record<string, Finding>>
  /** the monitors of an earlier boot that were told of */
  before: readonly string[]
  lateChecks: LateChecks
}

/** That of a guard that has not looked yet. */
export const emptyMemory: Readonly<Memory> = Object.freeze({
  version: 1,
  bootId: '',
  suspendedMs: 0,
  resumedUptimeMs: 0,
  episodes: {},
  before: [],
  lateChecks: {},
})

/** Turns the text of a memory's file into one; undefined where it is none. */
export function decodeMemory(text: string): Memory | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return isMemory(value) ? value : undefined
}

type Fields = Record<string, unknown>

function isMemory(value: unknown): value is Memory {
  return (
    isObject(value) &&
    value['version'] === 1 &&
    has(value, 'string', 'bootId') &&
    has(value, 'number', 'suspendedMs', 'resumedUptimeMs') &&
    isObject(value['episodes']) &&
    Object.values(value['episodes']).every(isFinding) &&
    isTexts(value['before']) &&
    isObject(value['lateChecks']) &&
    Object.values(value['lateChecks']).every(
      (late) => isObject(late) && has(late, 'string', 'at') && has(late, 'number', 'inRow'),
    )
  )
}

function isFinding(value: unknown): value is Finding {
  if (!isObject(value)) return false
  const { trouble, process, others } = value
  return (
    (trouble === 'vanished' || trouble === 'hangs' || trouble === 'late') &&
    has(value, 'string', 'id', 'command', 'target') &&
    has(value, 'number', 'ms') &&
    isTexts(others) &&
    isObject(process) &&
    has(process, 'number', 'pid') &&
    has(process, 'string', 'startTicks', 'bootId')
  )
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function has(value: Fields, type: 'string' | 'number', ...names: string[]): boolean {
  return names.every((name) => typeof value[name] === type)
}
