import t from 'tap'
import { StageClock } from '../../src/probe/stage-clock.ts'

t.test('stages are kept in order, each with the time from its start to the next', async (t) => {
  const started = performance.now()
  const clock = new StageClock('connect')
  t.equal(clock.current, 'connect')
  const until = performance.now() + 5
  while (performance.now() < until);
  clock.enter('negotiate')
  t.equal(clock.current, 'negotiate')
  clock.end()
  const total = performance.now() - started
  t.strictSame(
    clock.stages.map((stage) => stage.name),
    ['connect', 'negotiate'],
  )
  const [connect, negotiate] = clock.stages
  t.ok(connect && connect.ms >= 4.9, 'the first took its time')
  t.ok(connect && negotiate && connect.ms + negotiate.ms <= total + 0.01)
})
