import type { Alert, Source, Watch } from '../../../src/serve/source.ts'

/** A host that has what a test puts into it. */
export type FakeSource = Source & {
  held: Watch[]
  /** the oldest first; the place is the position */
  alertLog: Alert[]
  broken: string | undefined
}

const grave = ['info', 'warn', 'error']

/** A host of a name with nothing in it. */
export function fakeSource(host: string): FakeSource {
  const source: FakeSource = {
    host,
    held: [],
    alertLog: [],
    broken: undefined,
    watches: async () => {
      refuseIfBroken(source)
      return [...source.held]
    },
    before: async ({ filter, limit, position }) => {
      refuseIfBroken(source)
      const end = position === undefined ? source.alertLog.length : Number(position)
      const found: Alert[] = []
      let at = end - 1
      for (; at >= 0 && found.length < limit; at -= 1) {
        const alert = source.alertLog[at]
        if (alert === undefined) continue
        const isWanted =
          grave.indexOf(alert.level) >= grave.indexOf(filter.level ?? 'info') &&
          (filter.event === undefined || filter.event === alert.id) &&
          (filter.watch === undefined || filter.watch === alert.watch) &&
          alert.message.includes(filter.text ?? '')
        if (isWanted) found.push(alert)
      }
      return { alerts: found, next: at < 0 ? undefined : String(at + 1) }
    },
    after: async ({ limit, position }) => {
      refuseIfBroken(source)
      const from = position === undefined ? source.alertLog.length : Number(position) + 1
      const alerts = source.alertLog.slice(from, from + limit)
      return { alerts, next: String(from + alerts.length - 1) }
    },
  }
  return source
}

/** Adds an alert to the log of a host. */
export function say(source: FakeSource, message: string, more: Partial<Alert> = {}): Alert {
  const position = String(source.alertLog.length)
  const time = new Date(Date.UTC(2026, 0, 1) + source.alertLog.length * 1000).toISOString()
  const alert: Alert = {
    position,
    received: time,
    time,
    server: source.host,
    module: 'sambamon',
    watch: null,
    id: 62,
    level: 'error',
    message,
    detail: {},
    ...more,
  }
  source.alertLog.push(alert)
  return alert
}

/** A watch that is well. */
export function fakeWatch(id: string, changes: Partial<Watch> = {}): Watch {
  return {
    id,
    state: 'watching',
    command: 'clp_sambamon',
    target: 'pub',
    server: '10.0.0.1',
    since: '2026-01-01T00:00:00.000Z',
    startedAt: '2026-01-01T00:00:00.000Z',
    pid: 4711,
    failures: 0,
    attempts: 6,
    worstCaseMs: 540_000,
    lastCheck: {
      at: '2026-01-01T00:01:00.000Z',
      verdict: 'ok',
      ms: 3.2,
      stages: [
        { name: 'connect', ms: 0.4 },
        { name: 'negotiate', ms: 1.2 },
        { name: 'session', ms: 1.6 },
      ],
    },
    ...changes,
  }
}

function refuseIfBroken({ broken }: FakeSource): void {
  if (broken !== undefined) throw new Error(broken)
}
