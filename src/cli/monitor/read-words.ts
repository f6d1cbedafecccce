import { optionValue } from '../option-value.ts'
import { ParameterError } from '../parameter-error.ts'
import { withoutAttached } from './hide-password.ts'
import {
  controls,
  pauseSeconds,
  stopSeconds,
  type Control,
  type OptionSpec,
} from './option-table.ts'

/** What the words on the command line said, before it is known whether they make sense together. */
export type RawRequest = {
  id: string | undefined
  /** whether the ID came before everything else */
  isIdFirst: boolean
  values: Readonly<Record<string, string | number | boolean>>
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

type Item =
  | { kind: 'option'; spec: OptionSpec; value: string | undefined }
  | { kind: 'control'; control: Control; value: string | undefined }
  | { kind: 'wish'; what: 'help' | 'version' }
  | { kind: 'operand' | 'unknown'; word: string }

const wishes: Readonly<Record<string, 'help' | 'version'>> = {
  '-h': 'help',
  '--help': 'help',
  '-V': 'version',
  '--version': 'version',
}

/**
 * Reads the words of a monitor command by its table of options, the manual's own spelling included:
 * `-stop` in one word, `-n2049` attached.
 *
 * The word after an option that takes a value is that value, whatever it looks like. Any other single
 * dash before several letters is refused: `-stpo` must not become the share `tpo`. No parser of the
 * ecosystem reads this; what is left for one would cost every monitor a megabyte of memory.
 */
export function readWords(argv: readonly string[], options: readonly OptionSpec[]): RawRequest {
  const items = itemsOf(argv, options)
  for (const item of items) if (item.kind === 'wish') throw new HelpWanted(item.what)
  const values: Record<string, string | number | boolean> = {}
  for (const item of items) take(item, values)
  const operands = items.flatMap((item) => (item.kind === 'operand' ? item.word : []))
  const [id, surplus] = operands
  if (surplus !== undefined) throw new ParameterError(11, 'unexpected-word', { value: surplus })
  return { id, isIdFirst: items[0]?.kind === 'operand', values }
}

function take(item: Item, values: Record<string, string | number | boolean>): void {
  switch (item.kind) {
    case 'unknown':
      throw new ParameterError(11, 'unknown-option', { option: withoutAttached(item.word) })
    case 'control':
      values[item.control] =
        item.value === undefined
          ? true
          : optionValue(`-${item.control}`, item.value, {
              ...(item.control === 'pause' ? pauseSeconds : stopSeconds),
              rule: 'integer',
            })
      break
    case 'option': {
      const { spec, value } = item
      if (spec.rule === 'flag') {
        values[spec.name] = true
        break
      }
      if (value === undefined) throw new ParameterError(11, 'missing-value', { option: spec.flag })
      if (values[spec.name] !== undefined) {
        throw new ParameterError(11, 'doubled', { option: spec.flag })
      }
      values[spec.name] = optionValue(spec.flag, value, spec)
      break
    }
    case 'operand':
    case 'wish':
  }
}

function itemsOf(argv: readonly string[], options: readonly OptionSpec[]): Item[] {
  const byFlag = new Map(options.map((spec) => [spec.flag, spec]))
  const port = byFlag.get('-n')
  const items: Item[] = []
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    const spec = byFlag.get(word)
    const control = controls.find((name) => word === `-${name}` || word === `--${name}`)
    const wish = wishes[word]
    const attachedPort = /^-n(\d+)$/.exec(word)?.[1]
    const [, flag = '', value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? []
    const assigned = byFlag.get(flag)
    if (spec !== undefined) {
      items.push({ kind: 'option', spec, value: spec.rule === 'flag' ? undefined : argv[++at] })
    } else if ((control === 'stop' || control === 'pause') && /^[^-]/.test(argv[at + 1] ?? '')) {
      items.push({ kind: 'control', control, value: argv[++at] })
    } else if (control !== undefined) {
      items.push({ kind: 'control', control, value: undefined })
    } else if (wish !== undefined) {
      items.push({ kind: 'wish', what: wish })
    } else if (attachedPort !== undefined && port !== undefined) {
      items.push({ kind: 'option', spec: port, value: attachedPort })
    } else if (assigned !== undefined && assigned.rule !== 'flag') {
      items.push({ kind: 'option', spec: assigned, value })
    } else {
      items.push({ kind: /^-./.test(word) ? 'unknown' : 'operand', word })
    }
  }
  return items
}
