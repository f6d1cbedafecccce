import { identityOf } from '../../src/registry/process-identity.ts'
import type { MonitorRecord } from '../../src/registry/record.ts'

/** The record of a monitor that runs in this process. */
export function sampleRecord(changes: Partial<MonitorRecord> = {}): MonitorRecord {
  return {
    version: 1,
    id: 'watch1',
    command: 'clp_sambamon',
    target: '127.0.0.1 [pub]',
    options: { interval: 30, user: 'alice', encrypt: false },
    process: identityOf(process.pid) ?? { pid: 0, startTicks: '0', bootId: '' },
    startedAt: '2026-01-01T00:00:00.000Z',
    state: 'watching',
    since: '2026-01-01T00:00:01.000Z',
    failures: 0,
    retries: 5,
    lastCheck: {
      at: '2026-01-01T00:00:31.000Z',
      verdict: 'failed',
      stages: [
        { name: 'connect', ms: 0.3 },
        { name: 'negotiate', ms: 1 },
      ],
      ms: 2,
      reason: 'no answer',
    },
    nextCheck: '2026-01-01T00:01:01.000Z',
    pausedSince: '2026-01-01T00:01:01.000Z',
    worstCaseMs: 540_000,
    uptimeMs: 86_400_000,
    succeeded: true,
    tally: {
      checks: { ok: 3, failed: 1, cannotJudge: 0, discarded: 0 },
      recent: [
        [1_767_225_601_000, 2, 0],
        [1_767_225_631_000, 2, 1],
      ],
      stages: [
        { name: 'connect', counts: [4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4], sumMs: 1.2, count: 4 },
      ],
      lastSuccessAt: '2026-01-01T00:00:01.000Z',
      pausedMs: 0,
    },
    ended: { at: '2026-01-01T00:02:00.000Z', how: 'stopped', exitStatus: 0 },
    ...changes,
  }
}

/** The process of nobody: its number was never given. */
export const nobody = { pid: 2 ** 22 + 1, startTicks: '1', bootId: 'another' }
