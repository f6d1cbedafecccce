import t from 'tap'
import { fleetEnding, type Member, type Standing } from '../../src/watch/exit-policy.ts'

const marks: Readonly<Record<string, Standing>> = {
  '+': 'watching',
  '-': 'abnormal',
  '?': 'own-trouble',
  '0': 'stopped',
}

/** Members from a text as `a+ a- b+`: the group, then what it has come to. */
function members(text: string): Member[] {
  return text.split(' ').map((word) => {
    const standing = marks[word.charAt(1)]
    if (standing === undefined) throw new Error(word)
    return { group: word.charAt(0), standing }
  })
}

const cases: readonly [
  text: string,
  any: 0 | 1 | 5 | undefined,
  all: 0 | 1 | 5 | undefined,
  group: 0 | 1 | 5 | undefined,
][] = [
  ['a+ a+ b+', undefined, undefined, undefined],
  ['a- a+ b+', 1, undefined, undefined],
  ['a- a- b+', 1, undefined, 1],
  ['a- a- b-', 1, 1, 1],
  ['a? a+ b+', 5, undefined, undefined],
  ['a? a- b+', 1, undefined, 5],
  ['a? a? b-', 1, 5, 1],
  ['a? a? b?', 5, 5, 5],
  ['a0 a+ b+', undefined, undefined, undefined],
  ['a0 a- b+', 1, undefined, 1],
  ['a0 a- b-', 1, 1, 1],
  ['a0 a0 b+', undefined, undefined, undefined],
  ['a0 a0 b0', 0, 0, 0],
  ['a0 b?', 5, 5, 5],
]

t.test('a process ends with the first abnormal server, with all, or with a whole group', (t) => {
  for (const [text, any, all, group] of cases) {
    const ends = (policy: 'any' | 'all' | 'group') => fleetEnding(members(text), policy)?.exitStatus
    t.same([ends('any'), ends('all'), ends('group')], [any, all, group], text)
  }
  t.end()
})

t.test('a process that watches nothing ends', (t) => {
  t.same(fleetEnding([], 'any'), { exitStatus: 0 })
  t.end()
})

t.test('a watch that is well keeps its group from ending, whatever the others are', (t) => {
  const standings = Object.keys(marks)
  for (const a of standings) {
    for (const b of standings) {
      const text = `a${a} a${b} a+`
      t.equal(fleetEnding(members(text), 'all'), undefined, text)
      t.equal(fleetEnding(members(text), 'group'), undefined, text)
    }
  }
  t.end()
})
