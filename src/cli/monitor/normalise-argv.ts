import { ParameterError } from '../parameter-error.ts'
import { withoutAttached } from './hide-password.ts'
import { controls, type OptionSpec } from './option-table.ts'

/**
 * Brings the manual's own spelling into the form that option parsers know: `-stop` as `--stop`,
 * `-n2049` as two words.
 *
 * The word after an option that takes a value is left alone, whatever it looks like. Any other
 * single dash before several letters is refused: `-stpo` must not become the share `tpo`.
 */
export function normaliseArgv(argv: readonly string[], options: readonly OptionSpec[]): string[] {
  const takesValue = new Set(options.filter((o) => o.rule !== 'flag').map((o) => o.flag))
  const words: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    const attachedPort = /^-n(\d+)$/.exec(word)?.[1]
    if (takesValue.has(word)) {
      const value = argv[++at]
      if (value === undefined) throw new ParameterError(11, 'missing-value', { option: word })
      words.push(word, value)
    } else if (controls.some((control) => word === `-${control}`)) {
      words.push(`-${word}`)
    } else if (attachedPort !== undefined && takesValue.has('-n')) {
      words.push('-n', attachedPort)
    } else if (/^-[^-]./.test(word)) {
      throw new ParameterError(11, 'unknown-option', { option: withoutAttached(word) })
    } else {
      words.push(word)
    }
  }
  return words
}
