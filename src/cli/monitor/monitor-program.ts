import { Command, Option } from 'commander'
import { amountForm } from '../option-value.ts'
import { optionTable, type CommandName, type OptionSpec } from './option-table.ts'

/** Descriptions for help. */
export type OptionTexts = Readonly<Record<string, string>>

/** The options of a monitor command as the formatter of help wants them; nothing is read by it. */
export function monitorProgram(command: CommandName, texts: OptionTexts = {}): Command {
  const program = new Command(command)
  for (const spec of optionTable[command]) program.addOption(optionFrom(spec, texts))
  return program
}

function optionFrom(spec: OptionSpec, texts: OptionTexts): Option {
  const { flag, placeholder, name } = spec
  const option = new Option(
    placeholder === undefined ? flag : `${flag} <${placeholder}>`,
    describe(spec, texts),
  )
  option.attributeName = () => name
  return option
}

function describe(spec: OptionSpec, texts: OptionTexts): string {
  const allowed =
    spec.rule === 'integer' || spec.rule === 'decimal'
      ? `${spec.min}..${spec.max}`
      : spec.rule === 'choice'
        ? spec.of.join(', ')
        : spec.rule === 'amount'
          ? amountForm
          : undefined
  const facts = [
    allowed,
    spec.byDefault === undefined ? undefined : `${texts.default ?? 'default'} ${spec.byDefault}`,
  ]
  const known = facts.filter((fact) => fact !== undefined)
  return known.length === 0
    ? (texts[spec.name] ?? '')
    : `${texts[spec.name] ?? ''} (${known.join('; ')})`
}
