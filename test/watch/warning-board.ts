import t from 'tap'
import { WarningBoard } from '../../src/watch/warning-board.ts'
import { FakeClock } from '../helpers/fake-clock.ts'

t.test(
  'what is warned of stands in the record since its beginning, until it is over',
  async (t) => {
    const clock = new FakeClock()
    let changes = 0
    const board = new WarningBoard(clock, () => {
      changes += 1
    })
    const shown = () => board.onlooker.status?.()
    t.strictSame(shown(), {})
    board.lower('delay')
    t.equal(changes, 0, 'nothing was over')
    board.raise('delay', { id: 101, text: 'one' })
    await clock.advance(5000)
    board.raise('delay', { id: 101, text: 'two' })
    board.raise('space', { id: 103, text: 'three' })
    t.strictSame(shown(), {
      warnings: [
        { id: 101, since: '2026-01-01T00:00:00.000Z', text: 'two' },
        { id: 103, since: '2026-01-01T00:00:05.000Z', text: 'three' },
      ],
    })
    board.lower('delay')
    t.match(shown(), { warnings: [{ id: 103 }] })
    t.equal(changes, 4)
  },
)
