import { readAlerts } from '../../view/alert-history.ts'
import { followAlerts } from '../../view/follow-alerts.ts'
import type { SeenAlert } from '../../view/seen-alert.ts'
import type { SeenWatch, WatchReader } from '../../view/watches.ts'
import type { Io } from '../io.ts'
import { painter } from './paint.ts'
import { firstScreen, keysOf, press, within, type Extent } from './screen-state.ts'
import { takeTerminal, type TerminalStreams } from './terminal.ts'
import type { ViewTexts } from './view-texts.ts'
import { drawWatches, type Scene } from './watch-screen.ts'

/** What `clp_fsmon status --watch` shows, and where. */
export type LiveJob = {
  /** only this one */
  id: string | undefined
  reader: Pick<WatchReader, 'read'>
  /** the alert log */
  logPath: string
  words: ViewTexts
  io: Io
  /** none: everything is printed once */
  terminal: TerminalStreams | undefined
  /** hears of signals; the function it returns ends that */
  onSignals: (handlers: SignalHandlers) => () => void
  /** how often to look */
  everyMs?: number
}

/** What a live view does about signals. */
export type SignalHandlers = {
  /** ends it, with this exit status */
  end: (status: number) => void
  /** gives the terminal back before the process is stopped, and takes it again after that */
  suspend: () => void
  resume: () => void
}

/** So many alerts are kept to be shown. */
const mostAlerts = 50

/** Shows the watches and the last alerts, live in a terminal; resolves with the exit status. */
export async function watchStatus(job: LiveJob): Promise<number> {
  return job.terminal === undefined ? printOnce(job) : new LiveView(job, job.terminal).run()
}

async function printOnce({ id, reader, logPath, words, io }: LiveJob): Promise<number> {
  const watches = await reader.read()
  const { alerts } = await readAlerts(logPath, { limit: 10 })
  const canvas = { rows: undefined, columns: Number.POSITIVE_INFINITY, isUtf8: isUtf8(io), words }
  const scene = { server: io.hostName(), now: new Date(), watches: only(watches, id), alerts }
  const { lines } = drawWatches(scene, firstScreen, { ...canvas, paint: painter(false) })
  io.out(`${lines.map((line) => line.trimEnd()).join('\n')}\n`)
  return 0
}

/** A view that goes on until it is ended. */
class LiveView {
  readonly #job: LiveJob
  readonly #streams: TerminalStreams
  readonly #over = new AbortController()
  #state = firstScreen
  #extent: Extent = { total: 0, page: 1 }
  #watches: readonly SeenWatch[] = []
  #alerts: SeenAlert[] = []
  #problem: string | undefined
  #status = 0

  constructor(job: LiveJob, streams: TerminalStreams) {
    this.#job = job
    this.#streams = streams
  }

  async run(): Promise<number> {
    const terminal = takeTerminal(this.#streams, {
      onInput: (text) => {
        for (const key of keysOf(text)) {
          if (key === '\x1a') process.kill(process.pid, 'SIGTSTP')
          this.#state = press(this.#state, key, this.#extent)
        }
        if (this.#state.isOver) this.#end(0)
        else this.#draw(terminal.draw)
      },
      onResize: () => {
        this.#draw(terminal.draw)
      },
      onGone: () => {
        this.#end(0)
      },
    })
    this.#size = terminal.size
    const release = this.#job.onSignals({
      end: (status) => {
        this.#end(status)
      },
      suspend: terminal.restore,
      resume: () => {
        terminal.enter()
        this.#draw(terminal.draw)
      },
    })
    try {
      await Promise.all([this.#look(terminal.draw), this.#listen(terminal.draw)])
      return this.#status
    } finally {
      this.#end(this.#status)
      terminal.restore()
      release()
    }
  }

  #size: () => { columns: number; rows: number } = () => ({ columns: 80, rows: 24 })

  #end(status: number): void {
    if (this.#over.signal.aborted) return
    this.#status = status
    this.#over.abort()
  }

  /** Looks at the watches again and again. */
  async #look(draw: (lines: readonly string[]) => void): Promise<void> {
    const { reader, id, io, everyMs = 1000 } = this.#job
    const { signal } = this.#over
    while (!signal.aborted) {
      try {
        this.#watches = only(await reader.read(), id)
        this.#problem = undefined
      } catch (error) {
        this.#problem = String(error)
      }
      this.#draw(draw)
      if (io.isRead?.() === false) this.#end(0)
      await pause(everyMs, signal)
    }
  }

  /** Takes the last alerts, and those that arrive. */
  async #listen(draw: (lines: readonly string[]) => void): Promise<void> {
    const { logPath } = this.#job
    const { signal } = this.#over
    while (!signal.aborted) {
      try {
        const page = await readAlerts(logPath, { limit: mostAlerts })
        this.#alerts = page.alerts
        this.#draw(draw)
        for await (const alerts of followAlerts(logPath, { after: page.end, signal })) {
          this.#alerts = [...this.#alerts, ...alerts].slice(-mostAlerts)
          this.#draw(draw)
        }
      } catch (error) {
        this.#problem = String(error)
        await pause(1000, signal)
      }
    }
  }

  #draw(draw: (lines: readonly string[]) => void): void {
    const { io, words } = this.#job
    const scene: Scene = {
      server: io.hostName(),
      now: new Date(),
      watches: this.#watches,
      alerts: this.#alerts,
      ...(this.#problem !== undefined && { problem: this.#problem }),
    }
    const hasColours = io.env['NO_COLOR'] === undefined || io.env['NO_COLOR'] === ''
    const paint = painter(hasColours && io.env['TERM'] !== 'dumb')
    const canvas = { ...this.#size(), isUtf8: isUtf8(io), words, paint }
    this.#state = within(this.#state, this.#extent)
    let picture = drawWatches(scene, this.#state, canvas)
    // There may be fewer than before, or a smaller screen.
    const inside = within(this.#state, picture.extent)
    if (inside !== this.#state) picture = drawWatches(scene, inside, canvas)
    this.#state = inside
    this.#extent = picture.extent
    draw(picture.lines)
  }
}

function only(watches: readonly SeenWatch[], id: string | undefined): readonly SeenWatch[] {
  return id === undefined ? watches : watches.filter((watch) => watch.id === id)
}

function isUtf8({ env }: Io): boolean {
  return /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '')
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    signal.addEventListener('abort', wake)
  })
}
