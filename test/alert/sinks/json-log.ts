import { readFileSync, renameSync } from 'node:fs'
import t from 'tap'
import { jsonLogSink } from '../../../src/alert/sinks/json-log.ts'
import { sampleEntry } from '../../helpers/sample-entry.ts'

function linesOf(path: string): Record<string, unknown>[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

t.test('an entry is a line of JSON with all its detail', async (t) => {
  const path = `${t.testdir()}/alert.log`
  const sink = jsonLogSink(path)
  const began = Date.now()
  await sink.deliver(
    sampleEntry({
      monitor: 'watch1',
      detail: { stage: 'tree', ntStatus: 'STATUS_BAD_NETWORK_NAME', attempt: 3 },
    }),
  )
  const { id: _, ...rest } = sampleEntry({ kind: 'log', level: 'warn', message: 'a\n"b" 共' })
  await sink.deliver(rest)
  await sink.deliver(sampleEntry({ level: 'info', id: 1 }))
  await sink.close()
  const time = new Date(2026, 0, 2, 3, 4, 5).toISOString()
  const lines = linesOf(path)
  for (const line of lines) {
    const received = new Date(String(line['received'])).getTime()
    t.ok(received >= began && received <= Date.now(), 'it says when it was received')
    delete line['received']
  }
  t.same(lines, [
    {
      level: 'error',
      time,
      kind: 'alert',
      server: 'server1',
      module: 'sambamon',
      monitor: 'watch1',
      id: 6,
      detail: { stage: 'tree', ntStatus: 'STATUS_BAD_NETWORK_NAME', attempt: 3 },
      message: 'The clp_sambamon will terminate.',
    },
    {
      level: 'warn',
      time,
      kind: 'log',
      server: 'server1',
      module: 'sambamon',
      detail: {},
      message: 'a\n"b" 共',
    },
    {
      level: 'info',
      time,
      kind: 'alert',
      server: 'server1',
      module: 'sambamon',
      id: 1,
      detail: {},
      message: 'The clp_sambamon will terminate.',
    },
  ])
})

t.test('a detail named like a field of the line takes nothing from it', async (t) => {
  const path = `${t.testdir()}/alert.log`
  const sink = jsonLogSink(path)
  await sink.deliver(sampleEntry({ detail: { id: 'x', message: 'y', level: 1 } }))
  await sink.close()
  t.match(linesOf(path), [{ id: 6, level: 'error', detail: { id: 'x', message: 'y', level: 1 } }])
})

t.test('it takes everything, and goes on in a new file after a rotation', async (t) => {
  const path = `${t.testdir()}/alert.log`
  const sink = jsonLogSink(path)
  t.equal(sink.takes(sampleEntry({ kind: 'log', level: 'info' })), true)
  await sink.deliver(sampleEntry({ id: 1 }))
  renameSync(path, `${path}.1`)
  await sink.deliver(sampleEntry({ id: 2 }))
  await sink.close()
  t.match(linesOf(`${path}.1`), [{ id: 1 }])
  t.match(linesOf(path), [{ id: 2 }])
})
