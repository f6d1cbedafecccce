import { EventEmitter } from 'node:events'
import type { TerminalStreams } from '../../src/cli/view/terminal.ts'

class FakeInput extends EventEmitter {
  isRaw = false
  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw
    return this
  }
  resume(): this {
    return this
  }
  pause(): this {
    return this
  }
  setEncoding(): this {
    return this
  }
}

class FakeOutput extends EventEmitter {
  columns = 120
  rows = 24
}

/** A terminal that is none: keeps what is written, and types what it is told to. */
export class FakeTerminal {
  readonly input = new FakeInput()
  readonly #output = new FakeOutput()
  #written = ''
  /** what was written in all */
  all = ''

  readonly streams = {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as much of a terminal as is used
    input: this.input as unknown as TerminalStreams['input'],
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as much of a terminal as is used
    output: this.#output as unknown as TerminalStreams['output'],
    write: (text: string): void => {
      this.#written += text
      this.all += text
    },
  }

  /** What was written since it was asked last. */
  readonly written = (): string => {
    const text = this.#written
    this.#written = ''
    return text
  }

  readonly isRaw = (): boolean => this.input.isRaw

  type(text: string): void {
    this.input.emit('data', text)
  }

  resize(columns: number, rows: number): void {
    this.#output.columns = columns
    this.#output.rows = rows
    this.#output.emit('resize')
  }
}
