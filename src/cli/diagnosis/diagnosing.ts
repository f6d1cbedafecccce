import type { LogLevel } from '../../alert/announcement.ts'
import type { Cause as Announced } from '../../probe/probe.ts'
import { isSeenCause, type SeenCause } from '../../registry/diagnosis.ts'
import type { Status } from '../../registry/status.ts'
import type { Judged, Onlooker } from '../../watch/onlooker.ts'
import type { DiagnosisProcess, Hearer } from './diagnosis-process.ts'

/** What a diagnosis of one watch is made with. */
export type DiagnosingParts = {
  /** what the command is told of the server */
  words: readonly string[]
  process: Pick<DiagnosisProcess, 'start' | 'end'>
  /** whether the server's address is on this host now */
  isHere: () => boolean
  log: (level: LogLevel, text: string) => void
  /** has the record written anew */
  refresh: () => void
  now: () => number
  date: () => Date
}

/** The alert that says what is known before 6. */
const diagnosisAlert = 105

/** From the first failure on, again and again while it lasts, more and more seldom. */
const firstPauseMs = 10_000
/** the same while the server is being repaired, for every step may change what is wrong */
const underRepairMs = 1000
const longestPauseMs = 300_000

const mostCauses = 5
const longestText = 200

type Found = SeenCause & { evidence: readonly string[] }

/** Finds out beside the retries why the server fails, and tells what is known when it is judged abnormal. */
export class Diagnosing implements Onlooker {
  readonly #parts: DiagnosingParts
  #found: readonly Found[] = []
  #at: Date | undefined
  #wasHere = false
  #lastStart: number | undefined
  #pauseMs = firstPauseMs
  #run: Hearer | undefined
  #logged = ''

  constructor(parts: DiagnosingParts) {
    this.#parts = parts
  }

  judged({ result: { outcome }, after }: Judged): void {
    if (outcome.kind === 'ok') {
      this.#wasHere = this.#parts.isHere()
      this.#forget()
    } else if (outcome.kind === 'failed' && ['failing', 'repairing'].includes(after.state)) {
      // Under repair what was found before may be true no longer after every step.
      if (after.state === 'repairing') this.#pauseMs = underRepairMs
      this.#begin(outcome.failure)
    }
  }

  paused(): void {
    this.#forget()
  }

  ended(): void {
    this.#stop()
  }

  lastWords(): Announced[] {
    this.#log()
    const [first, ...others] = this.#found
    if (first === undefined) return []
    const also = others.length === 0 ? '' : `; also: ${others.map(({ key }) => key).join(', ')}`
    return [{ id: diagnosisAlert, text: `${first.text} (${first.key})${also}` }]
  }

  status(): Partial<Status> {
    if (this.#at === undefined || this.#found.length === 0) return {}
    const causes = this.#found.map(({ key, text, values }) => ({ key, text, values }))
    const wasHere = this.#wasHere ? { wasHere: true } : {}
    return { diagnosis: { at: this.#at.toISOString(), ...wasHere, causes } }
  }

  #begin(failure: string): void {
    const { process, words, now } = this.#parts
    const at = now()
    if (this.#lastStart !== undefined && at - this.#lastStart < this.#pauseMs) return
    const more = ['--failure', failure, ...(this.#wasHere ? ['--was-here'] : [])]
    const run: Hearer = {
      line: (line) => {
        if (this.#run === run) this.#hear(line)
      },
      over: () => {
        if (this.#run === run) this.#run = undefined
      },
    }
    if (!process.start([...words, ...more], run)) return
    this.#run = run
    if (this.#lastStart !== undefined) this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs)
    this.#lastStart = at
  }

  #hear(line: string): void {
    const { causes, isWhole, isDone } = decode(line)
    // Until a run has looked at all, what an earlier one has found stands behind what it has.
    const kept = isWhole
      ? []
      : this.#found.filter(({ key }) => !causes.some((one) => one.key === key))
    const found = [...causes, ...kept].slice(0, mostCauses)
    if (JSON.stringify(found) !== JSON.stringify(this.#found)) {
      this.#found = found
      this.#at = this.#parts.date()
      this.#parts.refresh()
    }
    if (isDone) this.#log()
  }

  /** A line for each cause; what was said already is not said again. */
  #log(): void {
    const keys = this.#found.map(({ key }) => key).join(' ')
    if (keys === this.#logged) return
    this.#logged = keys
    for (const [at, { key, text, evidence }] of this.#found.entries()) {
      this.#parts.log('warn', `probable cause ${at + 1}: ${text} (${key}): ${evidence.join('; ')}`)
    }
  }

  #stop(): void {
    const run = this.#run
    this.#run = undefined
    if (run !== undefined) this.#parts.process.end(run)
  }

  #forget(): void {
    this.#stop()
    this.#lastStart = undefined
    this.#pauseMs = firstPauseMs
    this.#logged = ''
    if (this.#found.length === 0) return
    this.#found = []
    this.#parts.refresh()
  }
}

type Decoded = { causes: Found[]; isDone: boolean; isWhole: boolean }

function decode(line: string): Decoded {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    value = undefined
  }
  if (typeof value !== 'object' || value === null) {
    return { causes: [], isDone: false, isWhole: false }
  }
  const isDone = 'done' in value && value.done === true
  const all: unknown[] = 'causes' in value && Array.isArray(value.causes) ? value.causes : []
  const causes = all
    .filter(isSeenCause)
    .slice(0, mostCauses)
    .map((cause) => ({
      key: cause.key,
      text: cause.text.slice(0, longestText),
      values: cause.values,
      evidence: evidenceOf(cause),
    }))
  return { causes, isDone, isWhole: isDone && !('late' in value && value.late === true) }
}

function evidenceOf(cause: object): string[] {
  const lines: unknown[] =
    'evidence' in cause && Array.isArray(cause.evidence) ? cause.evidence : []
  return lines.filter((line) => typeof line === 'string').map((line) => line.slice(0, longestText))
}
