import t from 'tap'
import { alertOf, findingText, keyOf, type Finding } from '../../src/guard/finding.ts'

const finding = (more: Partial<Finding> = {}): Finding => ({
  trouble: 'vanished',
  id: 'fs1',
  command: 'clp_sambamon',
  target: 'pub @ 192.0.2.1',
  process: { pid: 77, startTicks: '5', bootId: 'boot' },
  others: [],
  ms: 45_400,
  ...more,
})

t.test('a text names the ID, its process and what is wrong', (t) => {
  t.equal(findingText(finding()), 'fs1 (process 77)')
  t.equal(findingText(finding({ trouble: 'hangs' })), 'fs1 (process 77) hangs, silent for 45 s')
  t.equal(findingText(finding({ trouble: 'late' })), 'fs1 (process 77) runs late, by 45 s')
  t.end()
})

t.test('of many in one process some are named and the others counted', (t) => {
  t.equal(findingText(finding({ others: ['a', 'b'] })), 'fs1 with a, b (process 77)')
  const others = Array.from({ length: 1000 }, (_, index) => `w${index}`)
  t.equal(findingText(finding({ others })), 'fs1 with w0, w1, w2, w3, w4 and 995 more (process 77)')
  t.end()
})

t.test('who hangs and then runs late is in one episode, who vanishes in another', (t) => {
  t.equal(keyOf(finding({ trouble: 'hangs' })), keyOf(finding({ trouble: 'late' })))
  t.not(keyOf(finding({ trouble: 'hangs' })), keyOf(finding()))
  const process = { pid: 77, startTicks: '6', bootId: 'boot' }
  t.not(keyOf(finding({ process })), keyOf(finding()), 'the number was given again')
  t.equal(alertOf('vanished'), 130)
  t.equal(alertOf('late'), 131)
  t.end()
})
