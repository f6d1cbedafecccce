import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A moment of a process's life: right before the n-th call of this name that one of its threads makes. */
export type Moment = { call: string; nth: number }

/** What is watched of a process: its calls on these paths, or those of these names alone. */
export type Scope = { paths?: readonly string[]; calls?: readonly string[] }

/** For tap's `skip`: false where system calls can be watched. */
export function skipWithoutStrace(): string | false {
  const tried = spawnSync('strace', ['-o', '/dev/null', 'true'])
  return tried.status === 0
    ? false
    : 'needs strace (scripts/install-packages) and the right to trace'
}

/** Words before a command whose system calls are to be written into a file. */
export function tracedInto(file: string, scope: Scope): string[] {
  return strace(['-y', '-o', file, '-e', `trace=${names(scope)}`], scope)
}

/** Words before a command that is to be killed at a moment, before the call is made. */
export function killedAt({ call, nth }: Moment, scope: Scope): string[] {
  const inject = `inject=${call}:signal=SIGKILL:when=${nth}`
  return strace(['-o', '/dev/null', '-e', `trace=${call}`, '-e', inject], scope)
}

/** Every moment in a file that `tracedInto` wrote whose call is about one of our own. */
export function momentsOf(file: string, isOurs: (line: string) => boolean): Moment[] {
  const counts = new Map<string, number>()
  const moments = new Map<string, Moment>()
  for (const line of readFileSync(file, 'latin1').split('\n')) {
    const [, thread, call] = /^(\d+) +([a-z0-9_]+)\(/.exec(line) ?? []
    if (thread === undefined || call === undefined) continue
    const nth = (counts.get(`${thread} ${call}`) ?? 0) + 1
    counts.set(`${thread} ${call}`, nth)
    if (isOurs(line)) moments.set(`${call} ${nth}`, { call, nth })
  }
  return [...moments.values()]
}

const names = ({ calls }: Scope) => calls?.join(',') ?? 'all'

/**
 * The command keeps the number of the process that was started (-D), and with it the name of its
 * temporary file: `%PID` in a path stands for it. One thread for files makes its calls countable.
 */
function strace(words: readonly string[], { paths = [] }: Scope): string[] {
  const script = `${['exec strace -D -f -qqq', ...words.map(quoted)].join(' ')} ${paths
    .flatMap((path) => ['-P', quoted(path).replaceAll('%PID', () => `'$$'`)])
    .join(' ')} env UV_THREADPOOL_SIZE=1 "$@"`
  return ['sh', '-c', script, 'sh']
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
