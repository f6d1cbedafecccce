import t from 'tap'
import { alertMatcher, type AlertFilter } from '../../src/view/alert-filter.ts'
import type { SeenAlert } from '../../src/view/seen-alert.ts'

const alert: SeenAlert = {
  cursor: '',
  kind: 'alert',
  received: '2026-01-02T03:04:05.000Z',
  time: '2026-01-02T03:04:05.000Z',
  server: 'server1',
  module: 'sambamon',
  monitor: 'watch1',
  id: 6,
  level: 'error',
  message: 'The clp_sambamon will terminate.',
  detail: {},
}

for (const [filter, more, matches] of [
  [{}, {}, true],
  [{}, { kind: 'log' }, false],
  [{ logLines: true }, { kind: 'log' }, true],
  [{ since: new Date(alert.time) }, {}, true],
  [{ since: new Date('2026-01-02T03:04:05.001Z') }, {}, false],
  [{ monitor: 'watch1' }, {}, true],
  [{ monitor: 'watch' }, {}, false],
  [{ id: 6 }, {}, true],
  [{ id: 7 }, {}, false],
  [{ id: 0 }, { id: 0 }, true],
  [{ level: 'error' }, {}, true],
  [{ level: 'warn' }, {}, true],
  [{ level: 'warn' }, { level: 'info' }, false],
  [{ level: 'info' }, { level: 'info' }, true],
  [{ module: 'sambamon' }, {}, true],
  [{ module: 'nfsmon' }, {}, false],
  [{ text: 'WILL term' }, {}, true],
  [{ text: 'shall' }, {}, false],
  [{ text: '共有' }, { message: '共有が' }, true],
] as [AlertFilter, Partial<SeenAlert>, boolean][]) {
  t.equal(
    alertMatcher(filter)({ ...alert, ...more }),
    matches,
    `${JSON.stringify(filter)} ${JSON.stringify(more)}`,
  )
}
