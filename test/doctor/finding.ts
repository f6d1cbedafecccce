import t from 'tap'
import { gravest, grades } from '../../src/doctor/finding.ts'

t.test('the gravest of several grades counts, and nothing at all is well', async (t) => {
  t.equal(gravest([]), 'ok')
  for (const [at, grade] of grades.entries()) {
    const upTo = grades.slice(0, at + 1).map((one) => ({ grade: one }))
    t.equal(gravest(upTo), grade)
    t.equal(gravest(upTo.toReversed()), grade)
  }
})
