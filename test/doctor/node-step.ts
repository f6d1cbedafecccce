import t from 'tap'
import { judgeNode } from '../../src/doctor/node-step.ts'

for (const [version, grade] of [
  ['v18.19.0', 'failure'],
  ['v20.0.0', 'ok'],
  ['26.1.0', 'ok'],
  ['', 'failure'],
] as const) {
  t.test(`Node '${version}': ${grade}`, async (t) => {
    t.match(judgeNode(version), [{ grade, values: { version } }])
  })
}
