import type { ReadStream, WriteStream } from 'node:tty'

/** A terminal that is ours alone until it is given back. */
export type Terminal = {
  size: () => { columns: number; rows: number }
  /** Draws these lines, if they are others than before. */
  draw: (lines: readonly string[]) => void
  /** Gives the terminal back as it was; more than once does no harm. */
  restore: () => void
  /** Takes it again after it was given back. */
  enter: () => void
}

/** What comes from a terminal. */
export type TerminalHandlers = {
  onInput: (text: string) => void
  onResize: () => void
  /** nobody is there any more */
  onGone: () => void
}

/** The two ends of a terminal, as far as they are needed. */
export type TerminalStreams = {
  input: Pick<ReadStream, 'setRawMode' | 'on' | 'resume' | 'pause' | 'setEncoding'>
  output: Pick<WriteStream, 'columns' | 'rows' | 'on'>
  write: (text: string) => void
}

const alternateScreen = '\x1b[?1049h\x1b[?25l'
const usualScreen = '\x1b[0m\x1b[?25h\x1b[?1049l'

/** Takes a terminal: its other screen, without a cursor, and every key as it is pressed. */
export function takeTerminal(streams: TerminalStreams, handlers: TerminalHandlers): Terminal {
  const { input, output, write } = streams
  let isOurs = false
  let drawn = ''
  const setRaw = (isRaw: boolean): void => {
    try {
      input.setRawMode(isRaw)
    } catch {
      // The terminal has gone.
    }
  }
  const enter = (): void => {
    if (isOurs) return
    isOurs = true
    drawn = ''
    setRaw(true)
    input.resume()
    write(alternateScreen)
  }
  input.setEncoding('utf8')
  input.on('data', (text: string | Buffer) => {
    handlers.onInput(String(text))
  })
  for (const event of ['end', 'error']) input.on(event, handlers.onGone)
  output.on('resize', () => {
    drawn = ''
    handlers.onResize()
  })
  enter()
  return {
    size: () => ({ columns: output.columns || 80, rows: output.rows || 24 }),
    draw: (lines) => {
      // Each line is cleared before it is written: after a full one the cursor still stands on its end.
      const text = `\x1b[H${lines.map((line) => `\x1b[2K${line}`).join('\r\n')}`
      if (!isOurs || text === drawn) return
      write(drawn === '' ? `\x1b[2J${text}` : text)
      drawn = text
    },
    restore: () => {
      if (!isOurs) return
      isOurs = false
      write(usualScreen)
      setRaw(false)
      input.pause()
    },
    enter,
  }
}
