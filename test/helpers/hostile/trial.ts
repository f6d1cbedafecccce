import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Test } from 'tap'
import type { Outcome } from '../../../src/probe/probe.ts'
import { eventually } from '../eventually.ts'
import { askedForm, type Form } from './form.ts'
import { Heartbeat } from './heartbeat.ts'
import type { Verdict } from './field.ts'

/** One lie to be told to a probe, and what the probe may make of it. */
export type Input<Lie> = {
  /** what is done to which message of which run; inputs of one case differ only in where and how much */
  case: string
  what: string
  expected: Verdict
  lie: Lie
}

/** A server that tells lies, and the probe that it tells them to. */
export type Liar<Lie> = {
  check: (lie: Lie, signal: AbortSignal) => Promise<Outcome>
  /** Resolves once every connection of the last check is closed, with how many stayed open. */
  settle: () => Promise<number>
  close: () => Promise<void>
}

/** How many checks go on at a time, and how long each may take. */
export type Pace = { width: number; deadlineMs: number }

const usualPace: Pace = { width: 12, deadlineMs: 400 }

/** What a probe may take beyond its deadline. */
const toleranceMs = 50
/** A check that a machine with other things to do finishes in any case. */
const amplyMs = 30_000
const mostRepeats = 20
/** How often a probe has to know a lie for what it is when nothing else goes on. */
const enoughJudged = 5
const mostShown = 12
/** What compiled code and the names of the cases may come to. */
const mostGrowthMB = 48

/** Tells lies to probes, and keeps count of what became of it. */
export class Trial {
  readonly form: Form = askedForm()
  readonly #name: string
  readonly #t: Test
  readonly #heartbeat = new Heartbeat()
  readonly #cases = new Set<string>()
  readonly #failures: string[] = []
  readonly #heapBefore = heapBytes()
  #inputs = 0
  #failed = 0
  #repeated = 0
  #longestOvershootMs = 0

  constructor(t: Test, name: string) {
    this.#t = t
    this.#name = name
    t.comment(`seed ${this.form.seed}, ${this.form.isLong ? 'long' : 'short'} form`)
    t.teardown(() => {
      this.#end()
    })
  }

  /** Counts inputs that went elsewhere than to a probe, such as a decoder's. */
  count(what: string, inputs: number): void {
    this.#cases.add(what)
    this.#inputs += inputs
  }

  /** Notes what should not have been. */
  fail(what: string): void {
    this.#failed++
    if (this.#failures.length < mostShown) this.#failures.push(what)
  }

  /** Tells every lie, several at a time, and asserts that each probe knew it for what it is. */
  async tell<Lie>(
    t: Test,
    start: () => Promise<Liar<Lie>>,
    inputs: Iterable<Input<Lie>>,
    pace: Partial<Pace> = {},
  ): Promise<void> {
    const inputsBefore = this.#inputs
    this.#failures.length = 0
    const { width, deadlineMs } = { ...usualPace, ...pace }
    const iterator = inputs[Symbol.iterator]()
    const again: Input<Lie>[] = []
    const work = async () => {
      const liars = new Succession(start)
      try {
        for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
          this.#cases.add(next.value.case)
          this.#inputs++
          const finding = await this.#try(liars, next.value, deadlineMs)
          // With other checks under way a lie may have met a word that was left of the one before.
          if (finding !== undefined) again.push(next.value)
        }
      } finally {
        await liars.close()
      }
    }
    await Promise.all(Array.from({ length: width }, () => work()))
    await this.#tellAlone(new Succession(start), again, deadlineMs)
    t.same(this.#failures, [], `${this.#inputs - inputsBefore} inputs, none misjudged or late`)
    t.ok(this.#inputs > inputsBefore)
  }

  /** What could not be judged while this process had other checks on its hands. */
  async #tellAlone<Lie>(
    liars: Succession<Lie>,
    inputs: Input<Lie>[],
    deadlineMs: number,
  ): Promise<void> {
    for (const input of inputs) {
      this.#repeated++
      let finding: string | undefined = 'again'
      const limitMs = input.expected === 'good' ? amplyMs : deadlineMs
      let judged = 0
      for (let tries = 0; tries < mostRepeats && judged < enoughJudged; tries++) {
        const found = await this.#try(liars, input, limitMs)
        if (found === 'again') continue
        judged += 1
        finding = found
        if (found !== undefined) break
      }
      if (finding !== undefined) this.#blame(input, finding)
    }
    await liars.close()
  }

  /** Asserts that no probe has kept a socket, and no more memory than is due. */
  async leavesNothing(t: Test): Promise<void> {
    const sockets = () =>
      process.getActiveResourcesInfo().filter((kind) => /^(TCP|UDP)|Connect/.test(kind))
    await eventually('no socket is open', () => sockets().length === 0, 10_000).catch(() => {})
    t.same(sockets(), [])
    let grownMB = Infinity
    // What the last checks held goes only after the next turns of the event loop, and then in the next collection.
    await eventually(
      'the memory is free',
      () => {
        grownMB = (heapBytes() - this.#heapBefore) / 1024 / 1024
        return grownMB < mostGrowthMB
      },
      10_000,
    ).catch(() => {})
    t.ok(grownMB < mostGrowthMB, `${Math.round(grownMB)} MB more in use than at the start`)
  }

  #blame<Lie>(input: Input<Lie>, finding: string): void {
    this.fail(`${input.case}: ${input.what}: ${finding}`)
  }

  /** What was wrong, `again` where this process itself was too late to say, or nothing. */
  async #try<Lie>(
    liars: Succession<Lie>,
    input: Input<Lie>,
    deadlineMs: number,
  ): Promise<string | undefined> {
    const liar = await liars.current()
    const controller = new AbortController()
    const began = performance.now()
    const timer = setTimeout(() => {
      controller.abort(new DOMException('no verdict in time', 'TimeoutError'))
    }, deadlineMs)
    const outcome = await bounded(
      liar.check(input.lie, controller.signal),
      deadlineMs + amplyMs,
    ).catch((error: unknown) => `threw ${String(error)}`)
    clearTimeout(timer)
    if (typeof outcome === 'string') return outcome
    const ended = performance.now()
    const open = await liar.settle()
    const isLate = outcome.kind === 'failed' && outcome.failure === 'timeout'
    if (isLate) await liars.close()
    const overshootMs = ended - began - deadlineMs
    // What this process itself was late is not the probe's doing.
    const ownMs = overshootMs > 0 ? this.#heartbeat.stoodStillMs(began) : 0
    if (overshootMs > toleranceMs) {
      return overshootMs - ownMs > toleranceMs
        ? `${Math.round(overshootMs)} ms past the deadline, ${Math.round(ownMs)} of them ours`
        : 'again'
    }
    if (open > 0) return `${open} sockets left open`
    if (input.expected === 'good' && isLate && deadlineMs < amplyMs) return 'again'
    this.#longestOvershootMs = Math.max(this.#longestOvershootMs, overshootMs - ownMs)
    return misjudgement(outcome, input.expected)
  }

  #end(): void {
    this.#heartbeat.end()
    const peakMB = Math.round(process.resourceUsage().maxRSS / 1024)
    const summary = {
      name: this.#name,
      seed: this.form.seed,
      cases: this.#cases.size,
      inputs: this.#inputs,
      failures: this.#failed,
      overshootMs: Math.round(this.#longestOvershootMs * 10) / 10,
      peakMB,
    }
    this.#t.comment(`${JSON.stringify(summary)}, ${this.#repeated} repeated`)
    const directory = process.env['HOSTILE_SUMMARY']
    if (directory === undefined) return
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, `${this.#name}.json`), JSON.stringify(summary))
  }
}

/** One liar after the other: what a check that was cut off still had to say must not meet the next one. */
class Succession<Lie> {
  readonly #start: () => Promise<Liar<Lie>>
  #current: Liar<Lie> | undefined

  constructor(start: () => Promise<Liar<Lie>>) {
    this.#start = start
  }

  async current(): Promise<Liar<Lie>> {
    this.#current ??= await this.#start()
    return this.#current
  }

  async close(): Promise<void> {
    const current = this.#current
    this.#current = undefined
    await current?.close()
  }
}

/** What is in use once the garbage is gone. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function misjudgement(outcome: Outcome, expected: Verdict): string | undefined {
  const isOk = outcome.kind === 'ok'
  if (!isOk && outcome.kind !== 'failed') return `neither ok nor failed: ${show(outcome)}`
  if (isOk && expected === 'bad') return `ok, though it is not: ${show(outcome)}`
  if (!isOk && expected === 'good') return `failed, though all is well: ${show(outcome)}`
  return undefined
}

function show(outcome: Outcome): string {
  if (outcome.kind === 'ok' || outcome.kind === 'aborted') return outcome.kind
  const failure = outcome.kind === 'failed' ? outcome.failure : outcome.kind
  return `${outcome.stage}, ${failure}, ${outcome.reason}`
}

async function bounded<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('the probe did not come back'))
    }, limitMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
