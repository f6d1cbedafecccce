import { fill } from '../../texts.ts'
import type { ServeTexts } from './serve-texts.ts'

/** Why the server does not start as it was asked to. */
export type ServeTrouble =
  `refused.${keyof ServeTexts['refused']}` | `file.${keyof ServeTexts['file']}`

/** Wrong options, or a file that cannot be used; of what is in the file there is never a word. */
export class ServeError extends Error {
  override readonly name = 'ServeError'
  readonly trouble: ServeTrouble
  readonly values: Readonly<Record<string, string | number>>

  constructor(trouble: ServeTrouble, values: Readonly<Record<string, string | number>> = {}) {
    super(trouble)
    this.trouble = trouble
    this.values = values
  }

  /** The trouble in words. */
  explain(words: ServeTexts): string {
    const texts: Readonly<Record<string, string>> = Object.fromEntries([
      ...Object.entries(words.refused).map(([name, text]) => [`refused.${name}`, text]),
      ...Object.entries(words.file).map(([name, text]) => [`file.${name}`, text]),
    ])
    return fill(texts[this.trouble] ?? this.trouble, this.values)
  }
}
