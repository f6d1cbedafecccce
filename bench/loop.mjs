import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { connectionsBegun } from './lab.mjs'

const limitMs = 30_000

/** A process that makes checks when it is told to: bench/c/loop.h, contestants/serve-loop.ts. */
export class Loop {
  #child
  #lines
  #said = ''
  #why

  constructor(command, argv) {
    this.#child = spawn(command, argv, { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#said = (this.#said + text).slice(-4000)
    })
    this.#child.stdin.on('error', () => {})
    this.#child.on('error', (error) => {
      this.#why = error.message
    })
  }

  /** So many checks, as one sample; of a process that is no more, why. */
  async run(count) {
    const before = connectionsBegun()
    this.#child.stdin.write(`${count}\n`)
    const timer = setTimeout(() => {
      this.#why = `no answer within ${limitMs / 1000} s`
      this.#child.kill('SIGKILL')
    }, limitMs)
    const { value, done } = await this.#lines.next()
    clearTimeout(timer)
    if (done) return { gone: this.#why ?? `its process ended: ${this.#lastWords()}` }
    const { wallMs, cpuMs, peakKb, failed, reason } = JSON.parse(value)
    return {
      wallMs,
      cpuMs: round(cpuMs / count),
      peakKb,
      connections: (connectionsBegun() - before) / count,
      failed,
      ...(failed > 0 && { reason }),
    }
  }

  close() {
    this.#child.kill('SIGKILL')
  }

  #lastWords() {
    const error = /^(?:\w*Error|Error \[\w+\]): .*$/m.exec(this.#said)?.[0]
    return error ?? this.#said.trim().split('\n').at(-1) ?? ''
  }
}

function round(ms) {
  return Math.round(ms * 10_000) / 10_000
}
