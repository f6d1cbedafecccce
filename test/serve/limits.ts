import t from 'tap'
import { limits } from '../../src/serve/limits.ts'

t.test('there is room for all clients of the events, and some for everybody else', async (t) => {
  t.ok(limits.connections > limits.eventClients * 2)
  t.ok(limits.caughtUp >= limits.pageLength)
})
