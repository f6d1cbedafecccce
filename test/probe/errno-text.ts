import t from 'tap'
import { errnoText } from '../../src/probe/errno-text.ts'

t.test('failures of sockets are told in the words of the C library', async (t) => {
  t.equal(errnoText('ECONNREFUSED'), 'Connection refused')
  t.equal(errnoText('EHOSTUNREACH'), 'No route to host')
  t.equal(errnoText('ETIMEDOUT'), 'Connection timed out')
  t.equal(errnoText('ECONNRESET'), 'Connection reset by peer')
})

t.test('an end of the connection reads like a reset, as in Sun RPC', async (t) => {
  t.equal(errnoText('EOF'), 'Connection reset by peer')
})

t.test('what has no words keeps its name', async (t) => {
  t.equal(errnoText('EWEIRD'), 'EWEIRD')
})
