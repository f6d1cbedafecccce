import t from 'tap'
import type { Announcement } from '../../src/alert/announcement.ts'
import { opening } from '../../src/watch/state.ts'
import { Voice } from '../../src/watch/voice.ts'
import { noSocket, timedOut } from '../helpers/scripted-probe.ts'

function listen() {
  const said: Announcement[] = []
  const logged: string[] = []
  const voice = new Voice(
    (announcement) => said.push(announcement),
    (level, text) => logged.push(`${level} ${text}`),
    3,
    { worstCaseMs: 9000 },
  )
  return { said, logged, voice }
}

function after(failures: number, ownTroubles = 0) {
  const { counters } = opening
  return { state: 'failing', counters: { ...counters, failures, ownTroubles } } as const
}

const fail = () => {
  throw new Error('broken')
}

t.test('an alert about a check carries what has no place in its text', (t) => {
  const { said, voice } = listen()
  voice.about({ outcome: timedOut, lostMs: 0, ms: 1000 })
  voice.announce({ id: 74, nn: 110 }, after(3))
  t.same(said, [
    {
      id: 74,
      nn: 110,
      detail: {
        address: '127.0.0.1',
        stage: 'negotiate',
        failure: 'timeout',
        reason: 'no answer to NEGOTIATE',
        ms: 1000,
        stages: 'connect 1',
        attempt: 3,
        attempts: 3,
      },
    },
  ])
  t.end()
})

t.test('an alert that is not about a check carries nothing of it', (t) => {
  const { said, voice } = listen()
  voice.about({ outcome: timedOut, lostMs: 0, ms: 1000 })
  voice.announce({ id: 1 }, after(0))
  voice.announce({ id: 3 }, after(0))
  voice.announce({ id: 0, text: 'clp_nfsmon: x' }, after(0))
  t.same(said[0], { id: 1, detail: { worstCaseMs: 9000 } })
  t.same(said[1], { id: 3, detail: {} })
  t.match(said[2], { id: 0, text: 'clp_nfsmon: x', detail: { stage: 'negotiate' } })
  t.notOk('attempt' in (said[2]?.detail ?? {}))
  t.end()
})

t.test('what became of a verdict is logged in words', (t) => {
  const { logged, voice } = listen()
  voice.note('recovered', after(2), after(0))
  voice.about({ outcome: timedOut, lostMs: 700, ms: 1000 })
  voice.note('failure', after(1), after(2))
  voice.note('discarded', after(1), after(1))
  voice.note('no-more-discards', after(1), after(1))
  voice.about({ outcome: noSocket, lostMs: 0, ms: 1000 })
  voice.note('own-trouble', after(1, 0), after(1, 1))
  t.same(logged, [
    'info answers again, after failures: 2',
    'warn check failed, 2 of 3: no answer to NEGOTIATE',
    'warn this process stood still for 700 ms; verdict discarded, check repeated: no answer to NEGOTIATE',
    'warn this process stood still for 700 ms once more; the verdict counts all the same',
    'error could not judge, 1 of 3: socket EMFILE',
  ])
  t.end()
})

t.test('a pause is remembered', (t) => {
  const { said, voice } = listen()
  voice.remind(new Date(0))
  t.same(said, [{ id: 7, reminder: true, detail: { pausedSince: '1970-01-01T00:00:00.000Z' } }])
  t.end()
})

t.test('neither an announcement nor a log that throws gets out', (t) => {
  const logged: string[] = []
  new Voice(fail, (_level, text) => logged.push(text), 3, {}).announce({ id: 6 }, after(3))
  t.same(logged, ['alert 6 could not be given: Error: broken'])
  t.doesNotThrow(() => {
    new Voice(fail, fail, 3, {}).announce({ id: 6 }, after(3))
  })
  t.end()
})
