import t from 'tap'
import { decodePositions, encodePositions } from '../../src/serve/position-map.ts'

t.test('positions go into a word and out of it', async (t) => {
  const positions = { node1: '12:34', 'node2:9747': null }
  const word = encodePositions(positions)
  t.match(word, /^[\w-]+$/)
  t.strictSame(decodePositions(word), positions)
})

t.test('what is none of our words is refused', async (t) => {
  const word = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  for (const wrong of ['', 'a b', '%', 'bm8', word([1]), word(null), word({ a: 1 }), word('x')]) {
    t.equal(decodePositions(wrong), undefined, wrong)
  }
  t.equal(decodePositions(word({ a: 'x'.repeat(20_000) })), undefined, 'too long')
})
