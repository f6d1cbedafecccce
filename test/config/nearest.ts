import t from 'tap'
import { nearest } from '../../src/config/nearest.ts'

const keys = ['interval', 'retries', 'wait', 'retry-interval', 'url', 'ids']
const cases: [word: string, found: string | undefined][] = [
  ['retires', 'retries'],
  ['intervall', 'interval'],
  ['retryInterval', 'retry-interval'],
  ['retry_interval', 'retry-interval'],
  ['Wait', 'wait'],
  ['ulr', 'url'],
  ['id', 'ids'],
  ['password', undefined],
  ['', undefined],
  ['x'.repeat(5000), undefined],
]
for (const [word, found] of cases) {
  t.test(`'${word.slice(0, 20)}' was meant to be ${found}`, async (t) => {
    t.equal(nearest(word, keys), found)
  })
}

t.test('where there is nothing to choose from, nothing is near', async (t) => {
  t.equal(nearest('a', []), undefined)
})
