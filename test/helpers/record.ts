import { identityOf } from '../../src/registry/process-identity.ts'
import type { MonitorRecord } from '../../src/registry/record.ts'

/** A monitor's record, of this very process unless something else is said. */
export function sampleRecord(more: Partial<MonitorRecord> = {}): MonitorRecord {
  const self = identityOf(process.pid)
  if (self === undefined) throw new Error('/proc cannot be read')
  return {
    version: 1,
    id: 'sambawatch',
    command: 'clp_sambamon',
    target: 'pub @ 192.0.2.10',
    options: { intervalS: 30 },
    process: self,
    startedAt: '2026-11-21T00:00:00.000Z',
    state: 'watching',
    since: '2026-11-21T00:00:05.000Z',
    failures: 0,
    retries: 5,
    worstCaseMs: 540_000,
    ...more,
  }
}
