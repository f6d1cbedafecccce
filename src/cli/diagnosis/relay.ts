import type { OwnCommand } from './own-command.ts'

/** What a relay is to start. */
export type RelayJob = OwnCommand & {
  env: Readonly<Record<string, string>>
  mostCharacters: number
}

/** What it tells. */
export type RelayWord = { pid: number } | { line: string } | { ended: true }

/** The modules of Node that it needs; it has nothing else of the program. */
type Load = {
  (name: 'node:worker_threads'): typeof import('node:worker_threads')
  (name: 'node:child_process'): typeof import('node:child_process')
}

/**
 * Starts a program and passes on each line that it prints. It runs in a thread of its own, as text, for
 * starting a program waits until the kernel has read its file: from a disk that hangs that never ends, and
 * it would be the watch that stands still.
 */
export function relay(load: Load): void {
  const { parentPort, workerData } = load('node:worker_threads')
  const { spawn } = load('node:child_process')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what our own side has handed over
  const { file, args, argv0, env, mostCharacters } = workerData as RelayJob
  const tell = (word: RelayWord): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- no window, a thread
    parentPort?.postMessage(word)
  }
  const child = spawn(file, args, {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    ...(argv0 !== undefined && { argv0 }),
  })
  if (child.pid !== undefined) tell({ pid: child.pid })
  let rest = ''
  let taken = 0
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text: string) => {
    taken += text.length
    if (taken > mostCharacters) return
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) tell({ line })
  })
  child.on('error', () => tell({ ended: true }))
  child.on('close', () => tell({ ended: true }))
}
