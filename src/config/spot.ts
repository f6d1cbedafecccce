import type { ConfigProblem, ConfigTrouble } from './config-error.ts'
import type { TomlPath } from './toml-lines.ts'

/** A place in a file of the configuration, where something may be wrong. */
export class Spot {
  readonly file: string
  readonly path: TomlPath
  readonly #lineOf: (path: TomlPath) => number
  readonly #problems: ConfigProblem[]

  constructor(
    file: string,
    path: TomlPath,
    lineOf: (path: TomlPath) => number,
    problems: ConfigProblem[],
  ) {
    this.file = file
    this.path = path
    this.#lineOf = lineOf
    this.#problems = problems
  }

  /** The line on which it stands, or that of what it would be in. */
  get line(): number {
    return this.#lineOf(this.path)
  }

  /** The key, dotted, as it would be written; the tables of a list are counted from 1. */
  get key(): string {
    return this.path
      .map((part, at) => (typeof part === 'number' ? `[${part + 1}]` : dotted(part, at)))
      .join('')
  }

  /** How much is wrong so far, here and elsewhere. */
  get problemCount(): number {
    return this.#problems.length
  }

  /** A place within this one. */
  at(part: string | number): Spot {
    return new Spot(this.file, [...this.path, part], this.#lineOf, this.#problems)
  }

  /** Remembers that something is wrong here. */
  report(trouble: ConfigTrouble, values: ConfigProblem['values'] = {}, near?: string): void {
    const { file, line, key } = this
    const what = { file, line, key, trouble, values }
    this.#problems.push(near === undefined ? what : { ...what, near })
  }
}

function dotted(part: string, at: number): string {
  const written = /^[\w-]+$/.test(part) ? part : JSON.stringify(part)
  return at === 0 ? written : `.${written}`
}
