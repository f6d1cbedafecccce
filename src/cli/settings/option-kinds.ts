import {
  belongsUnder,
  checked,
  choice,
  decimal,
  flag,
  integer,
  optional,
  orOff,
  secretRefused,
  text,
  type Kind,
} from '../../config/kinds.ts'
import type { Keys } from '../../config/table.ts'
import {
  optionTable,
  targetOption,
  type CommandName,
  type OptionSpec,
} from '../monitor/option-table.ts'
import { amountForm, isAmount, longestBytes } from '../option-value.ts'

/** Options that say what is to be done now, and of what; a default for them would make no sense. */
const withoutDefault: ReadonlySet<string> = new Set([
  'check',
  'json',
  'nagios',
  'force',
  'drill',
  'drillSeconds',
  'password',
  ...Object.values(targetOption),
])

/** The options of a command that the configuration may give defaults for. */
export function optionsWithDefaults(command: CommandName): readonly OptionSpec[] {
  return optionTable[command].filter(({ name }) => !withoutDefault.has(name))
}

/** How an option is called in the configuration. */
export function keyOf({ name }: Pick<OptionSpec, 'name'>): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** The keys of a table of defaults, by the bounds of the table of options. */
export function optionKinds(specs: readonly OptionSpec[]): Keys {
  return Object.fromEntries(specs.map((spec) => [keyOf(spec), optional(kindOf(spec))]))
}

/** The keys of options that stand in another table, as far as they are none of these. */
export function keysElsewhere(
  specs: readonly OptionSpec[],
  here: readonly OptionSpec[],
  table: string,
): Keys {
  const others = specs.filter(({ name }) => !here.some((other) => other.name === name))
  return Object.fromEntries(others.map((spec) => [keyOf(spec), belongsUnder(table)]))
}

/** What looks like an option and must not stand in a file that others may read. */
export const secretKeys: Keys = { password: secretRefused() }

function kindOf(spec: OptionSpec): Kind<string | number | boolean> {
  switch (spec.rule) {
    case 'text':
      return text({ maxBytes: longestBytes })
    case 'integer':
      return spec.orOff === true ? orOff(integer(spec)) : integer(spec)
    case 'decimal':
      return decimal(spec)
    case 'amount':
      return checked(text({ maxBytes: longestBytes }), (value, spot) => {
        if (!isAmount(value)) spot.report('bad-form', { allowed: amountForm })
      })
    case 'choice':
      return choice(spec.of)
    case 'flag':
      return flag()
  }
}
