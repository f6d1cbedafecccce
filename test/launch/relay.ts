import { EventEmitter } from 'node:events'
import t from 'tap'
import { relay, type RelayJob, type RelayWord } from '../../src/launch/relay.ts'
import { startRelay, type RelayThread } from '../../src/launch/start-relay.ts'
import { eventually } from '../helpers/eventually.ts'

/** Everything that a relay tells, up to the end of its program. */
async function told(job: Partial<RelayJob>, heard?: (word: RelayWord, to: RelayThread) => void) {
  const words: RelayWord[] = []
  await new Promise<void>((resolve) => {
    const hold = setInterval(() => undefined, 1000)
    const thread: RelayThread = startRelay(
      { file: '/bin/sh', args: [], env: {}, mostCharacters: 1000, ...job },
      {
        word: (word) => {
          words.push(word)
          heard?.(word, thread)
          if ('ended' in word) void thread.end()
        },
        over: () => {
          clearInterval(hold)
          resolve()
        },
      },
    )
  })
  return words
}

t.test('each line is passed on as it comes, and the end is told', async (t) => {
  const words = await told({ args: ['-c', 'echo one; printf "two\\nthr"; echo ee; printf rest'] })
  t.match(words[0], { pid: Number, stat: /^\d+ \(/ })
  t.strictSame(words.slice(1), [
    { line: 'one' },
    { line: 'two' },
    { line: 'three' },
    { ended: true },
  ])
})

t.test(
  'one of whose output the end is kept is told something, and says how it ended',
  async (t) => {
    const script = 'pwd; echo ask >&3; read -r word; echo "$word" >&2; exit 3'
    const words = await told({ args: ['-c', script], keeps: 8, cwd: '/proc' }, (word, thread) => {
      if ('line' in word) thread.tell('an answer\n')
    })
    t.strictSame(
      words.filter((word) => 'line' in word || 'exit' in word || 'ended' in word),
      [{ line: 'ask' }, { exit: { status: 3, signal: null } }, { ended: true }],
    )
    const printed = words.flatMap((word) => ('printed' in word ? [word.printed] : []))
    t.equal(printed.at(-1), 'answer\n'.padStart(8, ' '))
  },
)

t.test(
  'its end is told while what it has started goes on printing, and dies of nothing',
  async (t) => {
    const file = `${t.testdir()}/alive`
    const script = `(read -r x <${file}.go; echo more; echo yes >${file}) & echo $!; exit 0`
    const { execFileSync } = await import('node:child_process')
    const { existsSync, writeFileSync } = await import('node:fs')
    execFileSync('mkfifo', [`${file}.go`])
    const words = await told({ args: ['-c', script], keeps: 100 }, (word) => {
      if ('exit' in word) writeFileSync(`${file}.go`, 'go\n')
    })
    t.match(words.at(-1), { ended: true })
    t.equal(existsSync(file), true)
  },
)

t.test('a program that cannot be started has ended', async (t) => {
  const [first] = await told({ file: '/no/such/program' })
  t.match(first, { ended: true, problem: /ENOENT/ })
})

/** What there is of Node, for a relay in this very thread. */
function pretended(job: Partial<RelayJob>) {
  const said: RelayWord[] = []
  const port = Object.assign(new EventEmitter(), {
    postMessage: (word: RelayWord) => said.push(word),
  })
  const stream = () => Object.assign(new EventEmitter(), { setEncoding: () => undefined })
  const input: string[] = []
  const stdio = [
    Object.assign(new EventEmitter(), { end: (text: string) => input.push(text) }),
    stream(),
    stream(),
    stream(),
  ] as const
  const known: { pid?: number } = { pid: 7 }
  const child = Object.assign(new EventEmitter(), known, { stdin: stdio[0], stdio })
  const given: unknown[] = []
  const workerData = { file: 'x', args: [], env: {}, mostCharacters: 8, ...job }
  const load = (name: string): unknown => {
    if (name === 'node:worker_threads') return { parentPort: port, workerData }
    if (name === 'node:fs') {
      return {
        readFileSync: () => {
          if (job.argv0 !== undefined) throw new Error('gone')
          return '7 (x) S'
        },
      }
    }
    return {
      spawn: (...all: unknown[]) => {
        given.push(...all)
        return child
      },
    }
  }
  return { said, port, child, stdio, input, given, begin: () => relay(load as never) }
}

t.test('it stands in words that need nothing of the program', async (t) => {
  const { said, child, stdio, begin, given } = pretended({ argv0: 'y' })
  begin()
  t.match(given[2], { argv0: 'y', detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  stdio[1].emit('data', 'one\ntw')
  stdio[1].emit('data', 'o\n')
  stdio[1].emit('data', 'too much\n')
  child.emit('error', new Error('no'))
  child.emit('close')
  t.strictSame(said, [
    { pid: 7, stat: '' },
    { line: 'one' },
    { line: 'two' },
    { ended: true, problem: 'Error: no' },
    { ended: true },
  ])
})

t.test('and so where the end of the output is kept', async (t) => {
  const { said, port, child, stdio, input, begin, given } = pretended({ keeps: 4, cwd: '/' })
  begin()
  t.match(given[2], { cwd: '/', stdio: ['pipe', 'pipe', 'pipe', 'pipe'] })
  stdio[3].emit('data', 'ready\n')
  port.emit('message', 'go')
  t.strictSame(input, ['go'])
  for (const stream of stdio) stream.emit('error', new Error('broken'))
  stdio[1].emit('data', 'some')
  stdio[2].emit('data', 'thing')
  await eventually('it is told', () => said.some((word) => 'printed' in word))
  stdio[1].emit('data', '!')
  child.emit('exit', 0, null)
  child.emit('close')
  t.strictSame(said, [
    { pid: 7, stat: '7 (x) S' },
    { line: 'ready' },
    { printed: 'hing' },
    { printed: 'ing!' },
    { exit: { status: 0, signal: null } },
    { ended: true },
  ])
  const other = pretended({ keeps: 4 })
  delete other.child.pid
  other.begin()
  other.child.emit('exit', null, 'SIGKILL')
  await eventually('its end is told though somebody still has its ends', () =>
    other.said.some((word) => 'exit' in word),
  )
  t.strictSame(other.said, [{ exit: { status: null, signal: 'SIGKILL' } }])
})
