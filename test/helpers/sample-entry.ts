import type { Entry } from '../../src/alert/entry.ts'

/** An alert as a sink gets it. */
export function sampleEntry(changes: Partial<Entry> = {}): Entry {
  return {
    kind: 'alert',
    time: new Date(2026, 0, 2, 3, 4, 5),
    server: 'server1',
    module: 'sambamon',
    id: 6,
    level: 'error',
    message: 'The clp_sambamon will terminate.',
    detail: {},
    ...changes,
  }
}
