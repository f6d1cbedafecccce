import t from 'tap'
import type { Finding } from '../../src/guard/finding.ts'
import { decodeMemory, emptyMemory, type Memory } from '../../src/guard/memory.ts'

const finding: Finding = {
  trouble: 'late',
  id: 'fs1',
  command: 'clp_nfsmon',
  target: '/e @ 192.0.2.1',
  process: { pid: 1, startTicks: '2', bootId: 'boot' },
  others: ['fs2'],
  ms: 5,
}
const memory: Memory = {
  ...emptyMemory,
  bootId: 'boot',
  episodes: { key: finding },
  before: ['x'],
  lateChecks: { fs1: { at: 'y', inRow: 2 } },
}

t.test('a memory is read as it was written', (t) => {
  t.strictSame(decodeMemory(JSON.stringify(memory)), memory)
  t.strictSame(decodeMemory(JSON.stringify(emptyMemory)), emptyMemory)
  t.end()
})

t.test('what has another form is none', (t) => {
  const others: unknown[] = [
    null,
    [],
    { ...memory, version: 2 },
    { ...memory, bootId: 1 },
    { ...memory, suspendedMs: 'x' },
    { ...memory, episodes: [] },
    { ...memory, episodes: { key: null } },
    { ...memory, episodes: { key: { ...finding, trouble: 'ill' } } },
    { ...memory, episodes: { key: { ...finding, ms: '5' } } },
    { ...memory, episodes: { key: { ...finding, others: [1] } } },
    { ...memory, episodes: { key: { ...finding, process: { pid: 1 } } } },
    { ...memory, before: 'x' },
    { ...memory, lateChecks: { fs1: { at: 'y' } } },
  ]
  for (const other of others) t.equal(decodeMemory(JSON.stringify(other)), undefined)
  t.equal(decodeMemory('{'), undefined)
  t.end()
})
