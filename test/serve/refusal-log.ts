import t from 'tap'
import { RefusalLog } from '../../src/serve/refusal-log.ts'

t.test('refusals are told of, a flood of them only counted', async (t) => {
  const said: string[] = []
  let nowMs = 0
  const log = new RefusalLog(
    (text) => void said.push(text),
    () => nowMs,
  )
  const refused = { code: 'unauthorized' as const, address: '10.0.0.9', method: 'GET' }
  log.note({ ...refused, url: '/metrics?token=secret' })
  for (let i = 0; i < 100; i += 1) log.note({ ...refused, url: '/x' })
  log.note({ ...refused, code: 'wrong-host', url: `/\u001b[2J${'x'.repeat(500)}` })
  nowMs = 10_001
  log.note({ ...refused, url: '/y' })
  t.strictSame(said, [
    'refused (unauthorized): GET /metrics from 10.0.0.9',
    `refused (wrong-host): GET /\\u001b[2J${'x'.repeat(75)} from 10.0.0.9`,
    'refused (unauthorized): GET /y from 10.0.0.9, and 100 more before it',
  ])
})
