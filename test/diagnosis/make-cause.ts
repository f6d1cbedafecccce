import t from 'tap'
import { cause, mostLines } from '../../src/diagnosis/make-cause.ts'

t.test('of much evidence the first lines are kept', async (t) => {
  const lines = Array.from({ length: 9 }, (_, at) => `line ${at}`)
  t.strictSame(cause('disk-full', { mount: '/' }, lines), {
    key: 'disk-full',
    values: { mount: '/' },
    evidence: lines.slice(0, mostLines),
  })
})
