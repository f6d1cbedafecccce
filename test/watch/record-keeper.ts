import t from 'tap'
import type { Status } from '../../src/registry/status.ts'
import { RecordKeeper } from '../../src/watch/record-keeper.ts'
import { Voice } from '../../src/watch/voice.ts'
import { FakeClock, settle } from '../helpers/fake-clock.ts'

const status: Status = {
  state: 'watching',
  since: '2026-01-01T00:00:00.000Z',
  failures: 0,
  retries: 5,
  worstCaseMs: 1,
}

function listen() {
  const logged: string[] = []
  const log = (level: string, text: string) => logged.push(`${level} ${text}`)
  return { logged, voice: new Voice(() => undefined, log, 3, {}) }
}

t.test('that a record cannot be written is said once, and once that it can again', async (t) => {
  const { logged, voice } = listen()
  let full = true
  const keeper = new RecordKeeper(async () => {
    if (full) throw new Error('ENOSPC')
  }, voice)
  for (let turn = 0; turn < 3; turn += 1) {
    keeper.keep(status)
    await settle()
  }
  full = false
  keeper.keep(status)
  await settle()
  keeper.keep(status)
  await settle()
  t.same(logged, [
    'warn the record cannot be written, watching goes on: Error: ENOSPC',
    'info the record can be written again',
  ])
})

t.test('a save that throws at once is a failure like any other', async (t) => {
  const { logged, voice } = listen()
  const keeper = new RecordKeeper(() => {
    throw new Error('at once')
  }, voice)
  keeper.keep(status)
  await settle()
  t.match(logged, ['warn the record cannot be written, watching goes on: Error: at once'])
})

t.test('a save that hangs is waited for a second', async (t) => {
  const clock = new FakeClock()
  const keeper = new RecordKeeper(() => new Promise(() => undefined), listen().voice)
  keeper.keep(status)
  let saved = false
  const waiting = (async () => {
    await keeper.saved(clock)
    saved = true
  })()
  await clock.advance(999)
  t.equal(saved, false)
  await clock.advance(1)
  t.equal(saved, true)
  await waiting
})
