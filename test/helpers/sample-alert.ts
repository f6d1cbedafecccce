import type { SeenAlert } from '../../src/view/seen-alert.ts'

/** An alert as the alert view has it. */
export function sampleAlert(changes: Partial<SeenAlert> = {}): SeenAlert {
  return {
    cursor: 'abcdefghijkl.100',
    kind: 'alert',
    received: new Date(2026, 0, 2, 3, 4, 6).toISOString(),
    time: new Date(2026, 0, 2, 3, 4, 5).toISOString(),
    server: 'server1',
    module: 'sambamon',
    monitor: 'watch1',
    id: 6,
    level: 'error',
    message: 'The clp_sambamon will terminate.',
    detail: {},
    ...changes,
  }
}
