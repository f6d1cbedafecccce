import {
  checked,
  choice,
  flag,
  fullPath,
  integer,
  list,
  optional,
  tables,
  text,
  withDefault,
  type Kind,
  type ValueOf,
} from './kinds.ts'
import type { Spot } from './spot.ts'
import { table } from './table.ts'

const word = () =>
  text({ form: { pattern: /^[a-z0-9][a-z0-9-]{0,63}$/, allowed: 'a-z, 0-9, -; 1..64' } })

const stepTable = (builtIns: readonly string[]) =>
  table({
    name: optional(word()),
    use: optional(choice(builtIns)),
    command: optional(list(text(), { least: 1, most: 100 })),
    kind: optional(choice(['samba', 'nfs'])),
    causes: optional(list(word(), { least: 1, most: 50 })),
    timeout: optional(integer({ min: 1, max: 3600 })),
    watches: optional(list(text({ maxBytes: 255 }), { least: 1 })),
    remote: withDefault(flag(), false),
  })

type Step = ValueOf<ReturnType<typeof stepTable>>

const step = (builtIns: readonly string[]): Kind<Step> => {
  const { read, absent } = stepTable(builtIns)
  return {
    absent,
    read: (value, spot) => {
      const before = spot.problemCount
      const found = read(value, spot)
      // What is written wrong is not missing besides.
      if (found !== undefined && spot.problemCount === before) lookAt(found, spot)
      return found
    },
  }
}

function lookAt(found: Step, spot: Spot): void {
  const { use, command, kind } = found
  if (command === undefined) {
    if (use === undefined) spot.at('command').report('missing')
    else if (kind !== undefined) spot.at('kind').report('not-with', { other: 'use' })
    return
  }
  const [program] = command
  if (program !== undefined) fullPath().read(program, spot.at('command').at(0))
  if (use !== undefined) spot.at('use').report('not-with', { other: 'command' })
  // What helps against what, and whom, only the operator knows.
  for (const key of ['name', 'kind', 'causes'] as const) {
    if (found[key] === undefined) spot.at(key).report('missing')
  }
}

/** What may be done to a server before it is given up; without a step nothing is. */
export const repairKind = (builtIns: readonly string[]) =>
  table({
    enabled: withDefault(flag(), true),
    'per-hour': withDefault(integer({ min: 1, max: 100 }), 3),
    'per-day': withDefault(integer({ min: 1, max: 500 }), 10),
    total: withDefault(integer({ min: 1, max: 7200 }), 180),
    settle: withDefault(integer({ min: 0, max: 600 }), 10),
    wait: optional(integer({ min: 0, max: 7200 })),
    step: checked(tables(step(builtIns)), namesDiffer),
  })

/** What the file says of repairs. */
export type RepairSettings = ValueOf<ReturnType<typeof repairKind>>
export type RepairStepSettings = RepairSettings['step'][number]

function namesDiffer(
  steps: readonly { name: string | undefined; use: string | undefined }[],
  spot: Spot,
): void {
  const seen = new Set<string>()
  for (const [index, { name, use }] of steps.entries()) {
    const value = name ?? use
    if (value === undefined) continue
    if (seen.has(value)) {
      spot
        .at(index)
        .at(name === undefined ? 'use' : 'name')
        .report('doubled', { value })
    }
    seen.add(value)
  }
}
