import { Worker } from 'node:worker_threads'
import { relay, type RelayJob, type RelayWord } from './relay.ts'

/** A relay at work. */
export type RelayThread = {
  /** what the program is told; once */
  tell: (text: string) => void
  /** Ends the thread, and not the program; resolves when it is gone, which on a disk that hangs is never. */
  end: () => Promise<unknown>
}

/** Hears what a relay tells, and that its thread is gone. */
export type RelayHearer = {
  word: (word: RelayWord) => void
  over: (problem: string | undefined) => void
}

/**
 * Starts a program from a thread of its own, so that nobody waits for the disk that it lies on. The
 * thread keeps this process from nothing, but cannot be ended while the kernel holds it.
 */
export function startRelay(job: RelayJob, hearer: RelayHearer): RelayThread {
  const worker = new Worker(`(${relay.toString()})(require)`, {
    eval: true,
    env: {},
    execArgv: [],
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 8 },
  })
  worker.unref()
  worker.on('message', hearer.word)
  let problem: string | undefined
  // Without it, an error of its own would be one that nobody has caught.
  worker.on('error', (error) => {
    problem = String(error)
  })
  worker.on('exit', () => {
    hearer.over(problem)
  })
  return {
    tell: (text) => {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- no window, a thread
      worker.postMessage(text)
    },
    end: async () => worker.terminate(),
  }
}
