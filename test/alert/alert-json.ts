import t from 'tap'
import { alertJson, alertJsonVersion } from '../../src/alert/alert-json.ts'
import { sampleEntry } from '../helpers/sample-entry.ts'

t.test('an alert is one object with its version, its key and all its parts', async (t) => {
  const entry = sampleEntry({ monitor: 'w1', target: 'pub', detail: { stage: 'tree' } })
  const text = alertJson(entry, 'the-key')
  t.equal(text.split('\n').length, 1)
  t.strictSame(JSON.parse(text), {
    version: 1,
    key: 'the-key',
    time: entry.time.toISOString(),
    server: 'server1',
    module: 'sambamon',
    watch: 'w1',
    target: 'pub',
    id: 6,
    level: 'error',
    message: 'The clp_sambamon will terminate.',
    detail: { stage: 'tree' },
  })
  t.equal(alertJsonVersion, 1)
  const { id, ...without } = entry
  t.equal(id, 6)
  t.match(JSON.parse(alertJson(without, 'k')), { id: 0 })
})
