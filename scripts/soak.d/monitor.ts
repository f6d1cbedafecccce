import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { End } from './judge.ts'
import { wordsOf, type Patience } from './patience.ts'
import type { Scales } from './scales.ts'

const root = join(import.meta.dirname, '../..')

/** What a monitor of the soak is, and what it watches. */
export type MonitorPlan = {
  id: string
  command: 'clp_sambamon' | 'clp_nfsmon'
  /** the words that name the target */
  target: readonly string[]
  patience: Patience
}

/** What the soak looks at in a record. */
type Seen = { state: string; failures: number; lastCheck?: { at: string; verdict: string } }

/** A built command that watches, as it is started again and again. */
export class Monitor {
  readonly plan: MonitorPlan
  readonly #stateRoot: string
  readonly #said: string
  #child: ChildProcess | undefined
  #end: End | undefined
  readonly #scales: Scales | undefined

  constructor(plan: MonitorPlan, stateRoot: string, scales?: Scales) {
    this.plan = plan
    this.#stateRoot = stateRoot
    this.#scales = scales
    this.#said = join(stateRoot, `${plan.id}.said`)
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  /** How it ended; undefined while it runs. */
  get end(): End | undefined {
    return this.#end
  }

  /** The last lines that it has said. */
  get lastWords(): string {
    return readFileSync(this.#said, 'utf8').trim().split('\n').slice(-12).join('\n')
  }

  /** Starts it; false unless it succeeds within this time. */
  async start(patienceMs: number): Promise<boolean> {
    const { id, target, patience } = this.plan
    this.#end = undefined
    const output = openSync(this.#said, 'w')
    const words = [id, ...target, ...wordsOf(patience)]
    const child = spawn(...this.#program(words, this.#scales), {
      env: { ...this.#env, ...this.#scales?.env },
      stdio: ['ignore', output, output],
    })
    closeSync(output)
    this.#child = child
    child.on('exit', (status) => {
      this.#end = { atMs: performance.now(), status }
    })
    const startedAt = Date.now()
    return this.isWell(startedAt, patienceMs)
  }

  /** Waits for a good check that ended after a time of day; false when it ends instead, or never comes. */
  async isWell(afterDate: number, patienceMs: number): Promise<boolean> {
    const untilMs = performance.now() + patienceMs
    while (this.#end === undefined && performance.now() < untilMs) {
      const record = this.#record()
      const { at, verdict } = record?.lastCheck ?? {}
      if (
        record?.state === 'watching' &&
        record.failures === 0 &&
        verdict === 'ok' &&
        Date.parse(at ?? '') > afterDate
      ) {
        return true
      }
      await sleep(50)
    }
    return false
  }

  /** Stops it as a cluster does; the exit status of `-stop` and its own. */
  async stop(): Promise<{ stop: number | null; own: number | null }> {
    const control = spawn(...this.#program([this.plan.id, '-stop']), {
      env: this.#env,
      stdio: 'ignore',
    })
    const stop = await new Promise<number | null>((resolve) => control.on('exit', resolve))
    for (let turn = 0; this.#end === undefined && turn < 500; turn += 1) await sleep(20)
    return { stop, own: this.#end?.status ?? null }
  }

  /** Ends it for good, however it is. */
  kill(): void {
    if (this.#end === undefined) this.#child?.kill('SIGKILL')
  }

  #program(words: readonly string[], scales?: Scales): [string, string[]] {
    // A test runner's options are not for what is tested, and a library that is preloaded not for env.
    const preload = scales === undefined ? [] : [`LD_PRELOAD=${scales.library}`]
    const node = [process.execPath, ...(scales?.runtime ?? [])]
    const command = [...node, join(root, 'bin', this.plan.command), ...words]
    return ['env', ['-u', 'NODE_OPTIONS', ...preload, ...command]]
  }

  get #env(): NodeJS.ProcessEnv {
    return { PATH: process.env.PATH, LANG: 'C', CLP_FSMON_ROOT: this.#stateRoot }
  }

  #record(): Seen | undefined {
    try {
      const file = join(this.#stateRoot, 'run/clp-fsmon', `${this.plan.id}.json`)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whole, and our own product's
      return JSON.parse(readFileSync(file, 'utf8')) as Seen
    } catch {
      return undefined
    }
  }
}
