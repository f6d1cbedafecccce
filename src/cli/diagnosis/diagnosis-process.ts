import { readdirSync, readFileSync } from 'node:fs'
import type { RelayWord } from '../../launch/relay.ts'
import { startRelay, type RelayThread } from '../../launch/start-relay.ts'
import type { OwnCommand } from './own-command.ts'

/** Hears a run: each line as it comes, and that there will be no more. */
export type Hearer = { line: (line: string) => void; over: () => void }

/** It ends by itself before; this is for one that does not. */
const overtimeMs = 2000

const mostCharacters = 1_000_000

/**
 * The process that finds out why a server fails: one at a time, for all watches of this process. It is ended
 * when its time is up, and is never waited for; while one that cannot be ended is there, no other begins.
 */
export class DiagnosisProcess {
  readonly #command: OwnCommand
  readonly #limitMs: number
  #thread: RelayThread | undefined
  #pid: number | undefined
  /** the process group of the last run, of which something may be left that cannot be ended */
  #group: number | undefined
  #hearer: Hearer | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(command: OwnCommand, limitMs: number) {
    this.#command = command
    this.#limitMs = limitMs
  }

  /** Begins a run; false where there is one already, or something of it that does not go. */
  start(words: readonly string[], hearer: Hearer): boolean {
    if (this.#thread !== undefined || isLeft(this.#group)) return false
    const { file, args, argv0 } = this.#command
    const limit = ['--limit', String(this.#limitMs / 1000)]
    this.#thread = startRelay(
      {
        file,
        args: [...args, 'diagnose', ...words, '--json', '--lang', 'en', ...limit],
        ...(argv0 !== undefined && { argv0 }),
        // Ours may hold what is nobody's business, and nothing in it is needed.
        env: { LC_ALL: 'C' },
        mostCharacters,
      },
      {
        word: (word) => {
          this.#hear(word)
        },
        over: () => {
          this.#over()
          this.#thread = undefined
          this.#pid = undefined
        },
      },
    )
    this.#hearer = hearer
    this.#timer = setTimeout(() => {
      this.end(hearer)
    }, this.#limitMs + overtimeMs)
    this.#timer.unref()
    return true
  }

  /** Ends the run of this hearer, if it is under way; what it has told stays. */
  end(hearer: Hearer): void {
    if (this.#hearer !== hearer) return
    this.#over()
    this.#kill()
  }

  /** For the end of this process: false when a thread of it cannot be ended either. */
  async close(patienceMs: number): Promise<boolean> {
    const thread = this.#thread
    if (thread === undefined) return true
    this.#over()
    this.#kill()
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<false>((resolve) => {
      timer = setTimeout(resolve, patienceMs, false)
    })
    const isEnded = await Promise.race([thread.end().then(() => true), tooLong])
    clearTimeout(timer)
    return isEnded
  }

  #hear(word: RelayWord): void {
    if ('line' in word) this.#hearer?.line(word.line)
    else if ('pid' in word) {
      this.#pid = word.pid
      this.#group = word.pid
      if (this.#hearer === undefined) this.#kill()
    } else if ('ended' in word) {
      // All its processes are gone: nothing is left that could hang.
      this.#over()
      void this.#thread?.end()
    }
  }

  #over(): void {
    clearTimeout(this.#timer)
    const hearer = this.#hearer
    this.#hearer = undefined
    hearer?.over()
  }

  /** Together with what it has started. */
  #kill(): void {
    try {
      if (this.#pid !== undefined) process.kill(-this.#pid, 'SIGKILL')
    } catch {
      // It has just ended by itself.
    }
  }
}

/** Whether any process of a group is alive: whoever waits for a disk that hangs must not become many. */
function isLeft(group: number | undefined): boolean {
  try {
    if (group === undefined || !process.kill(-group, 0)) return false
    // Where nobody buries orphans, something is left of each; that costs nothing, and holds nothing up.
    return readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && isAliveIn(pid, String(group)))
  } catch {
    return false
  }
}

function isAliveIn(pid: string, group: string): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [state, , its] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return its === group && state !== 'Z' && state !== 'X'
  } catch {
    return false
  }
}
