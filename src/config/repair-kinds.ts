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

/** In the place of causes: every one, and an unknown one. */
const any = 'any'

const word = () =>
  text({ form: { pattern: /^[a-z0-9][a-z0-9-]{0,63}$/, allowed: 'a-z, 0-9, -; 1..64' } })

/** The words that a step may say: what the product brings along, and what it can find out. */
export type RepairWords = { builtIns: readonly string[]; causes: readonly string[] }

const stepTable = ({ builtIns, causes }: RepairWords) =>
  table({
    name: optional(word()),
    use: optional(choice(builtIns)),
    command: optional(list(text(), { least: 1, most: 100 })),
    kind: optional(choice(['samba', 'nfs'])),
    // One that nothing ever finds would be a step that never begins.
    causes: optional(list(choice([...causes, any]), { least: 1, most: 50 })),
    timeout: optional(integer({ min: 1, max: 3600 })),
    watches: optional(list(text({ maxBytes: 255 }), { least: 1 })),
    remote: withDefault(flag(), false),
  })

type Step = ValueOf<ReturnType<typeof stepTable>>

const step = (words: RepairWords): Kind<Step> => {
  const { read, absent } = stepTable(words)
  return {
    absent,
    read: (value, spot) => {
      const found = read(value, spot)
      if (typeof value !== 'object' || value === null || found === undefined) return found
      // What is written is there, be it right or wrong; what is wrong with it has been told.
      lookAt(new Map<string, unknown>(Object.entries(value)), spot)
      return found
    },
  }
}

function lookAt(written: ReadonlyMap<string, unknown>, spot: Spot): void {
  const command = written.get('command')
  const isBuiltIn = written.has('use')
  if (command === undefined) {
    if (!isBuiltIn) spot.at('command').report('missing')
    else if (written.has('kind')) spot.at('kind').report('not-with', { other: 'use' })
  } else {
    const program: unknown = Array.isArray(command) ? command[0] : undefined
    if (typeof program === 'string' && program !== '') {
      fullPath().read(program, spot.at('command').at(0))
    }
    if (isBuiltIn) spot.at('use').report('not-with', { other: 'command' })
  }
  if (isBuiltIn && command === undefined) return
  // What helps against what, and whom, only the operator knows.
  for (const key of ['name', 'kind', 'causes']) {
    if (!written.has(key)) spot.at(key).report('missing')
  }
}

/** What may be done to a server before it is given up; without a step nothing is. */
export const repairKind = (words: RepairWords) =>
  table({
    enabled: withDefault(flag(), true),
    'per-hour': withDefault(integer({ min: 1, max: 100 }), 3),
    'per-day': withDefault(integer({ min: 1, max: 500 }), 10),
    total: withDefault(integer({ min: 1, max: 7200 }), 180),
    settle: withDefault(integer({ min: 0, max: 600 }), 10),
    wait: optional(integer({ min: 0, max: 7200 })),
    step: checked(tables(step(words)), namesDiffer),
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
