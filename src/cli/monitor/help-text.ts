import type { Texts } from '../texts.ts'
import { monitorProgram } from './monitor-program.ts'
import { controls, optionTable, type CommandName } from './option-table.ts'

/** The help of a monitor command: the manual's forms first, every option, the exit status at the end. */
export function helpText(command: CommandName, texts: Texts): string {
  const { help } = texts
  const words: Record<string, string> = { ...help.options, default: help.default, id: help.id }
  if (command === 'clp_nfsmon') {
    words.address = `${help.options.address} (${help.default} ${help.options.addressDefault})`
  }
  const program = monitorProgram(command, words)
  const formatter = program.createHelp()
  formatter.helpWidth = 100
  const flagWidth = Math.max(...optionTable[command].map((o) => flagOf(o).length), 'ID'.length) + 2
  const item = (term: string, text: string) =>
    `  ${formatter.formatItem(term, flagWidth, text, formatter)}`.replace(/^ {4}/, '  ')
  const described = new Map(
    program.options.map((o) => [o.flags.replace(/[<>]/g, ''), o.description]),
  )
  const options = optionTable[command].map((o) => item(flagOf(o), described.get(flagOf(o)) ?? ''))
  const own = help[command]
  return [
    own.about,
    '',
    ...own.usage.map((form) => `  ${command} ${form}`),
    '',
    `${help.headings.options}:`,
    item('ID', help.id),
    ...options,
    item('-h, --help', help.options.help),
    item('-V, --version', help.options.version),
    '',
    `${help.headings.controls}:`,
    ...controls.map((control) => `  ${help.controls[control]}`),
    '',
    `${help.headings.examples}:`,
    ...own.examples.map((line) => `  ${line}`),
    '',
    `${help.headings.environment}:`,
    ...help.environment.map((line) => `  ${line}`),
    '',
    `${help.headings.ends}:`,
    ...help.ends.map((line) => `  ${line}`),
    '',
  ].join('\n')
}

function flagOf(spec: { flag: string; placeholder?: string }): string {
  return spec.placeholder === undefined ? spec.flag : `${spec.flag} ${spec.placeholder}`
}
