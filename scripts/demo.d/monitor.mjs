import { spawn } from 'node:child_process'

/** A command whose standard error is shown as it comes, and can be waited for. */
export class Monitor {
  #said = ''
  #waiting = new Set()

  constructor(label, [command, ...argv], options = {}) {
    this.child = spawn(command, argv, { stdio: ['ignore', 'inherit', 'pipe'], ...options })
    this.child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#said += text
      process.stdout.write(text.replace(/^(?=.)/gm, `  ${label} | `))
      for (const look of this.#waiting) look()
    })
    this.ended = new Promise((resolve) => {
      this.child.on('close', (status, signal) => {
        resolve(signal ?? status)
        for (const look of this.#waiting) look(true)
      })
    })
  }

  get said() {
    return this.#said
  }

  /** Waits until something has been said; false when the command ended or the time ran out first. */
  async says(text, timeoutMs = 30_000) {
    return new Promise((resolve) => {
      const settle = (seen) => {
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve(seen)
      }
      const look = (ended = false) => {
        if (this.#said.includes(text)) settle(true)
        else if (ended) settle(false)
      }
      const timer = setTimeout(settle, timeoutMs, false)
      this.#waiting.add(look)
      look()
    })
  }
}
