import { startRelay, type RelayThread } from '../launch/start-relay.ts'
import { decodeStat, readBootId, type ProcessIdentity } from '../registry/process-identity.ts'
import { inTime, type Outstanding } from './in-time.ts'
import { go, launched, ready } from './launcher.ts'
import { askedMs, journalMs, killedMs } from './plan.ts'
import type { RepairClock } from './repair-clock.ts'
import { endSession } from './session.ts'

/** How a step ended. */
export type StepEnd = {
  how: 'done' | 'failed' | 'too-long' | 'interrupted' | 'not-started'
  /** in words: exit status, signal, why it could not be started */
  why: string
  /** the last lines that it printed */
  output: string[]
  ms: number
  /** something of it cannot be ended */
  isStuck: boolean
}

/** What a step is run with. */
export type StepRun = {
  command: readonly string[]
  /** names of programs: whatever of these stands still is ended before */
  endsStopped?: readonly string[]
  limitMs: number
  env: Readonly<Record<string, string>>
  clock: RepairClock
  /** aborts when nobody wants it any more */
  signal: AbortSignal
  /** Hears of the process before it becomes the program; must not wait. */
  onStart: (leader: ProcessIdentity) => void
  outstanding?: Outstanding
}

/** The only directories that programs are found in by a step. */
const path = '/usr/sbin:/usr/bin:/sbin:/bin'

/** What is kept of what a step prints. */
const mostLines = 10
const mostBytes = 2000

/**
 * Runs one step to its end, or ends it with all that it has started when its time is up or it is not
 * wanted any more. It has a session of its own, nothing to read, and an environment in which there is
 * nothing but what it is told. Never rejects, and waits for no disk.
 */
export async function runStep(run: StepRun): Promise<StepEnd> {
  const { command, limitMs, clock, signal, onStart, outstanding } = run
  const begunAt = clock.now()
  const ended = (how: StepEnd['how'], why: string, isStuck = false): StepEnd => ({
    how,
    why,
    output: lines(step?.printed ?? ''),
    ms: Math.round(clock.now() - begunAt),
    isStuck,
  })
  let step: Started | undefined
  /** True where something of it cannot be ended. */
  const end = async (): Promise<boolean> => {
    if (step?.leader !== undefined) return !(await endSession(step.leader, clock))
    if (step === undefined) return false
    // Its thread still waits for what it was to start, and nothing begins any more when that comes.
    const gone = step.thread.end()
    return inTime(clock, askedMs + killedMs, 'the end of its thread', gone, outstanding).then(
      () => false,
      () => true,
    )
  }
  if (signal.aborted) return ended('interrupted', 'before it began')
  try {
    step = begin(run)
    const looked = await within<string | Exit>(clock, journalMs + limitMs, signal, [
      step.said,
      step.exit,
    ])
    if (looked === 'too-long' || looked === 'interrupted') {
      const isStuck = await end()
      if (looked === 'interrupted') return ended(looked, 'it was broken off', isStuck)
      return ended('not-started', `${command[0]} lies on a disk that does not answer`, isStuck)
    }
    if (typeof looked === 'object') return ended('not-started', wordsOf(looked))
    const { leader } = step
    if (looked !== ready || leader === undefined) {
      await end()
      return ended('not-started', looked === ready ? '/proc cannot be read' : looked)
    }
    if (signal.aborted) return ended('interrupted', 'before it began', await end())
    onStart(leader)
    step.thread.tell(go)
    const leftMs = Math.min(limitMs, journalMs + limitMs - (clock.now() - begunAt))
    const first = await within(clock, Math.max(1, leftMs), signal, [step.exit])
    if (first === 'too-long' || first === 'interrupted') {
      const isStuck = await end()
      const why =
        first === 'too-long' ? `it did not end within ${limitMs / 1000} s` : 'it was broken off'
      return ended(first, why, isStuck)
    }
    if ('status' in first && first.status === 0) return ended('done', 'exit 0')
    return ended('failed', wordsOf(first), await end())
  } catch (error) {
    return ended('not-started', String(error), await end())
  }
}

type Exit = { status: number | null; signal: string | null } | { problem: string }

/** A step whose beginning is under way. */
type Started = {
  thread: RelayThread
  /** the process that becomes the program; it is not known at once */
  leader: ProcessIdentity | undefined
  /** the end of what it has printed up to now */
  printed: string
  /** what the launcher says of the program */
  said: Promise<string>
  exit: Promise<Exit>
}

function begin({ command, endsStopped, env }: StepRun): Started {
  const hear: { said?: (line: string) => void; exit?: (exit: Exit) => void } = {}
  const user = process.geteuid?.()
  const thread = startRelay(
    {
      ...launched(command, {
        ...(user !== undefined && { user }),
        ...(endsStopped !== undefined && { endsStopped }),
      }),
      env: { PATH: path, ...env },
      cwd: '/',
      mostCharacters: mostBytes,
      keeps: 2 * mostBytes,
    },
    {
      word: (word) => {
        if ('pid' in word) {
          const stat = decodeStat(word.stat)
          const { pid } = word
          if (stat) step.leader = { pid, startTicks: stat.startTicks, bootId: readBootId() }
        } else if ('line' in word) hear.said?.(word.line)
        else if ('printed' in word) step.printed = word.printed
        else if ('exit' in word) hear.exit?.(word.exit)
        else {
          // Until then somebody may still print: a server that it has started must not die of a broken pipe.
          hear.exit?.({ problem: word.problem ?? 'it is gone' })
          void thread.end()
        }
      },
      over: (problem = 'its thread has ended') => {
        hear.exit?.({ problem })
      },
    },
  )
  const step: Started = {
    thread,
    leader: undefined,
    printed: '',
    said: new Promise((resolve) => {
      hear.said = resolve
    }),
    exit: new Promise((resolve) => {
      hear.exit = resolve
    }),
  }
  return step
}

function wordsOf(exit: Exit): string {
  if ('problem' in exit) return exit.problem
  return exit.signal ?? `exit ${exit.status}`
}

/** What comes first of these, unless the time is up before, or nobody wants it any more. */
async function within<T>(
  clock: RepairClock,
  ms: number,
  signal: AbortSignal,
  all: readonly Promise<T>[],
): Promise<T | 'too-long' | 'interrupted'> {
  const { over, clear } = timeIsUp(clock, ms, signal)
  try {
    return await Promise.race<T | 'too-long' | 'interrupted'>([...all, over])
  } finally {
    clear?.()
  }
}

function timeIsUp(clock: RepairClock, limitMs: number, signal: AbortSignal) {
  let clear: (() => void) | undefined
  const over = new Promise<'too-long' | 'interrupted'>((resolve) => {
    const clearTimer = clock.setTimer(limitMs, () => {
      resolve('too-long')
    })
    const interrupt = (): void => {
      resolve('interrupted')
    }
    signal.addEventListener('abort', interrupt)
    if (signal.aborted) interrupt()
    clear = () => {
      clearTimer()
      signal.removeEventListener('abort', interrupt)
    }
  })
  return { over, clear }
}

function lines(printed: string): string[] {
  return printed
    .slice(-mostBytes)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-mostLines)
}
