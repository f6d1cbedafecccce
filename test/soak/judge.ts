import t from 'tap'
import { judge, slackMs, type Judgement } from '../../scripts/soak.d/judge.ts'

const patience = { intervalS: 1, retries: 5, deadlineS: 1 }
const least = 5000
const promise = 12_000

/** Harmed from the start on, and healed after so long. */
const outage = (ms: number) => ({ fromMs: 0, harmedMs: 100, healingMs: ms, toMs: ms + 500 })

const cases: [string, Parameters<typeof judge>[1], Parameters<typeof judge>[2], Judgement][] = [
  ['lives while all is well', undefined, undefined, 'survived'],
  ['ends while all is well', undefined, { atMs: 5, status: 1 }, 'false'],
  ['is stopped by nobody', undefined, { atMs: 5, status: 0 }, 'false'],
  ['lives through a short one', outage(1000), undefined, 'survived'],
  ['ends in a short one', outage(1000), { atMs: 1200, status: 1 }, 'false'],
  ['ends after a short one', outage(1000), { atMs: 20_000, status: 1 }, 'false'],
  ['ends in a long one', outage(least + 2000), { atMs: least + 1000, status: 1 }, 'found'],
  ['ends before it can tell', outage(least + 2000), { atMs: least - 1, status: 1 }, 'false'],
  ['ends in a long one for its own sake', outage(20_000), { atMs: 9000, status: 5 }, 'false'],
  ['is killed in a long one', outage(20_000), { atMs: 9000, status: null }, 'false'],
  ['says nothing of a long one', outage(promise + slackMs + 101), undefined, 'missed'],
  ['says it far too late', outage(60_000), { atMs: promise + slackMs + 101, status: 1 }, 'missed'],
  ['lives through what is neither short nor long', outage(least), undefined, 'unclear'],
]

for (const [what, harm, end, expected] of cases) {
  t.equal(judge(patience, harm, end), expected, `a monitor that ${what}: ${expected}`)
}
