// Fills a registry with records of monitors that run: records DIRECTORY COUNT PID
import { mkdirSync, writeFileSync } from 'node:fs'
import { layoutUnder } from '../../src/registry/layout.ts'
import { identityOf } from '../../src/registry/process-identity.ts'
import { recordPath } from '../../src/registry/record-file.ts'
import { encodeRecord, recordVersion, type MonitorRecord } from '../../src/registry/record.ts'

const [, , root = '', count = '0', pid = '0'] = process.argv
const { run } = layoutUnder(root)
mkdirSync(run, { recursive: true, mode: 0o700 })
const holder = identityOf(Number(pid))
if (holder === undefined) throw new Error(`there is no process ${pid}`)
const at = new Date().toISOString()

for (let i = 0; i < Number(count); i += 1) {
  const record: MonitorRecord = {
    version: recordVersion,
    id: `watch${i}`,
    command: 'clp_sambamon',
    target: 'user @ 10.213.0.10',
    options: { intervalS: 30, retries: 5, waitS: 60, address: '10.213.0.10', share: 'user' },
    process: holder,
    startedAt: at,
    state: 'watching',
    since: at,
    failures: 0,
    retries: 5,
    lastCheck: {
      at,
      verdict: 'ok',
      stages: ['connect', 'negotiate', 'session', 'tree', 'close'].map((name) => ({ name, ms: 1 })),
      ms: 5,
    },
    nextCheck: at,
    worstCaseMs: 540_000,
  }
  writeFileSync(recordPath(run, record.id), encodeRecord(record), { mode: 0o600 })
}
