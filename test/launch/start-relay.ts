import t from 'tap'
import type { RelayWord } from '../../src/launch/relay.ts'
import { startRelay } from '../../src/launch/start-relay.ts'
import { eventually } from '../helpers/eventually.ts'

const job = { file: '/bin/cat', args: [], env: {}, mostCharacters: 100, keeps: 100 }

t.test('a program is started from a thread, told something, and heard', async (t) => {
  const words: RelayWord[] = []
  let over: string | undefined | false = false
  const thread = startRelay(job, {
    word: (word) => words.push(word),
    over: (problem) => {
      over = problem
    },
  })
  thread.tell('a word\n')
  await eventually('it has ended', () => words.some((word) => 'ended' in word))
  t.match(words[0], { pid: Number })
  t.ok(words.some((word) => 'printed' in word && word.printed === 'a word\n'))
  t.equal(over, false, 'the thread is there until it is ended')
  await thread.end()
  await eventually('that is told', () => over === undefined)
})

t.test('an error of the thread is told at its end, and nobody else hears of it', async (t) => {
  const problem = await new Promise<string | undefined>((resolve) => {
    const hold = setInterval(() => undefined, 1000)
    startRelay(
      { ...job, file: '' },
      {
        word: () => undefined,
        over: (told) => {
          clearInterval(hold)
          resolve(told)
        },
      },
    )
  })
  t.match(problem, /ERR_INVALID_ARG_VALUE|cannot be empty/)
})
