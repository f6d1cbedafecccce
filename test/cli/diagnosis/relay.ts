import { Worker } from 'node:worker_threads'
import { once } from 'node:events'
import t from 'tap'
import { relay, type RelayJob, type RelayWord } from '../../../src/cli/diagnosis/relay.ts'

/** Everything that a relay tells, up to its end. */
async function told(job: Partial<RelayJob>): Promise<RelayWord[]> {
  const workerData: RelayJob = { file: '/bin/sh', args: [], env: {}, mostCharacters: 1000, ...job }
  const worker = new Worker(`(${relay.toString()})(require)`, {
    eval: true,
    env: {},
    execArgv: [],
    workerData,
  })
  const words: RelayWord[] = []
  worker.on('message', (word: RelayWord) => words.push(word))
  await once(worker, 'exit')
  return words
}

t.test('each line is passed on as it comes, and the end is told', async (t) => {
  const words = await told({ args: ['-c', 'echo one; printf "two\\nthr"; echo ee; printf rest'] })
  t.match(words[0], { pid: Number })
  t.strictSame(words.slice(1), [
    { line: 'one' },
    { line: 'two' },
    { line: 'three' },
    { ended: true },
  ])
})

t.test('it stands in words that need nothing of the program', async (t) => {
  const seen: string[] = []
  const child = {
    pid: 7,
    stdout: {
      setEncoding: () => child.stdout,
      on: (name: string, to: (text: string) => void) => (heard[name] = to),
    },
    on: (name: string, to: (text: string) => void) => (heard[name] = to),
  }
  const heard: Record<string, (text: string) => void> = {}
  const load = (name: string) =>
    name === 'node:worker_threads'
      ? {
          parentPort: { postMessage: (word: RelayWord) => seen.push(JSON.stringify(word)) },
          workerData: { file: 'x', args: [], env: {}, mostCharacters: 8, argv0: 'y' },
        }
      : { spawn: () => child }
  relay(load as never)
  heard['data']?.('one\ntw')
  heard['data']?.('o\n')
  heard['data']?.('too much\n')
  heard['error']?.('')
  heard['close']?.('')
  t.strictSame(seen, [
    '{"pid":7}',
    '{"line":"one"}',
    '{"line":"two"}',
    '{"ended":true}',
    '{"ended":true}',
  ])
})

t.test('a program that cannot be started has ended', async (t) => {
  t.strictSame(await told({ file: '/no/such/program' }), [{ ended: true }, { ended: true }])
})
