import { Command, CommanderError, Option } from 'commander'
import { optionValue } from '../option-value.ts'
import { ParameterError } from '../parameter-error.ts'
import { version } from '../version.ts'
import {
  controls,
  optionTable,
  stopSeconds,
  type CommandName,
  type OptionSpec,
} from './option-table.ts'

/** What the words on the command line said, before it is known whether they make sense together. */
export type RawRequest = {
  id: string | undefined
  values: Readonly<Record<string, string | number | boolean>>
}

/** Descriptions for help; parsing needs none. */
export type OptionTexts = Readonly<Record<string, string>>

/** The option parser of a monitor command. */
export function monitorProgram(command: CommandName, texts: OptionTexts = {}): Command {
  const program = new Command(command)
    .argument('[words...]', texts.id ?? '')
    .helpOption('-h, --help', texts.help ?? '')
    .version(version, '-V, --version', texts.version ?? '')
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {} })
  for (const spec of optionTable[command]) program.addOption(optionFrom(spec, texts))
  for (const control of controls) {
    const value = control === 'stop' ? ' [SECONDS]' : ''
    const option = new Option(`--${control}${value}`, texts[control] ?? '')
    if (control === 'stop') {
      option.argParser((word: string) =>
        optionValue('-stop', word, { rule: 'integer', ...stopSeconds }),
      )
    }
    program.addOption(option)
  }
  return program
}

/** Reads words that were brought into the parser's form. */
export function parseWords(program: Command, words: readonly string[]): RawRequest {
  try {
    program.parse(words, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) throw problemOf(error)
    throw error
  }
  const [id, surplus] = program.args
  if (surplus !== undefined) throw new ParameterError(11, 'unexpected-word', { value: surplus })
  return { id, values: program.opts<Record<string, string | number | boolean>>() }
}

/** Asked for on the command line: not a request to watch, and not an error either. */
export class HelpWanted extends Error {
  override readonly name = 'HelpWanted'
  readonly what: 'help' | 'version'

  constructor(what: 'help' | 'version') {
    super(what)
    this.what = what
  }
}

function optionFrom(spec: OptionSpec, texts: OptionTexts): Option {
  const { flag, placeholder, name, rule } = spec
  const option = new Option(
    placeholder === undefined ? flag : `${flag} <${placeholder}>`,
    describe(spec, texts),
  )
  option.attributeName = () => name
  if (rule === 'flag') return option
  return option.argParser((word: string, earlier: unknown) => {
    if (earlier !== undefined) throw new ParameterError(11, 'doubled', { option: flag })
    return optionValue(flag, word, spec)
  })
}

function describe(spec: OptionSpec, texts: OptionTexts): string {
  const allowed =
    spec.rule === 'integer'
      ? `${spec.min}..${spec.max}`
      : spec.rule === 'choice'
        ? spec.of.join(', ')
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

function problemOf(error: CommanderError): Error {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  switch (error.code) {
    case 'commander.helpDisplayed':
    case 'commander.help':
      return new HelpWanted('help')
    case 'commander.version':
      return new HelpWanted('version')
    case 'commander.unknownOption':
      return new ParameterError(11, 'unknown-option', { option: quoted })
    case 'commander.optionMissingArgument':
      return new ParameterError(11, 'missing-value', { option: quoted.split(' ')[0] ?? '' })
    default:
      return error
  }
}
