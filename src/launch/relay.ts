/** What a relay is to start. */
export type RelayJob = {
  file: string
  args: readonly string[]
  argv0?: string
  env: Readonly<Record<string, string>>
  /** where it is to stand; where this process does, unless told */
  cwd?: string
  /** of its lines so much is passed on */
  mostCharacters: number
  /**
   * So much is kept of the end of what it prints, with its errors. Then its lines are those that it
   * writes to descriptor 3, and it can be told something.
   */
  keeps?: number
}

/** What it tells. */
export type RelayWord =
  /** with what `/proc/PID/stat` says of it, for it may be gone when this is heard */
  | { pid: number; stat: string }
  | { line: string }
  /** the end of what it has printed up to now */
  | { printed: string }
  | { exit: { status: number | null; signal: string | null } }
  /** nobody has any of its ends any more; or it could not be started */
  | { ended: true; problem?: string }

/** The modules of Node that it needs; it has nothing else of the program. */
type Load = {
  (name: 'node:worker_threads'): typeof import('node:worker_threads')
  (name: 'node:child_process'): typeof import('node:child_process')
  (name: 'node:fs'): typeof import('node:fs')
}

/**
 * Starts a program and passes on what it says. It runs in a thread of its own, as text, for starting a
 * program waits until the kernel has read its file: from a disk that hangs that never ends, and it would
 * be the watch that stands still.
 */
export function relay(load: Load): void {
  const { parentPort, workerData } = load('node:worker_threads')
  const { spawn } = load('node:child_process')
  const { readFileSync } = load('node:fs')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what our own side has handed over
  const job = workerData as RelayJob
  const { file, args, argv0, env, cwd, mostCharacters, keeps = 0 } = job
  const tell = (word: RelayWord): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- no window, a thread
    parentPort?.postMessage(word)
  }
  const child = spawn(file, args, {
    env,
    detached: true,
    stdio: keeps === 0 ? ['ignore', 'pipe', 'ignore'] : ['pipe', 'pipe', 'pipe', 'pipe'],
    ...(argv0 !== undefined && { argv0 }),
    ...(cwd !== undefined && { cwd }),
  })
  if (child.pid !== undefined) {
    let stat = ''
    try {
      stat = readFileSync(`/proc/${child.pid}/stat`, 'latin1')
    } catch {
      // Without it nobody takes another process for this one.
    }
    tell({ pid: child.pid, stat })
  }
  let rest = ''
  let taken = 0
  const passOn = (text: string): void => {
    taken += text.length
    if (taken > mostCharacters) return
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) tell({ line })
  }
  let printed = ''
  let isSaid = true
  let timer: NodeJS.Timeout | undefined
  const say = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (!isSaid) tell({ printed })
    isSaid = true
  }
  const keep = (text: string): void => {
    printed = (printed + text).slice(-keeps)
    isSaid = false
    timer ??= setTimeout(say, 100)
  }
  const [, out, err, third] = child.stdio
  for (const [stream, take] of [
    [out, keeps === 0 ? passOn : keep],
    [err, keep],
    [third, passOn],
  ] as const) {
    if (stream === null || stream === undefined || !('setEncoding' in stream)) continue
    stream.setEncoding('utf8')
    stream.on('data', take)
    stream.on('error', () => undefined)
  }
  let tellExit: (() => void) | undefined
  if (keeps > 0) {
    child.stdin?.on('error', () => undefined)
    parentPort?.on('message', (text: string) => child.stdin?.end(text))
    child.on('exit', (status, signal) => {
      tellExit = () => {
        tellExit = undefined
        say()
        tell({ exit: { status, signal } })
      }
      // What it printed last may still be on its way; what goes on printing is a server that it started.
      setTimeout(() => {
        tellExit?.()
      }, 100)
    })
  }
  child.on('error', (error) => {
    tell({ ended: true, problem: String(error) })
  })
  child.on('close', () => {
    tellExit?.()
    tell({ ended: true })
  })
}
