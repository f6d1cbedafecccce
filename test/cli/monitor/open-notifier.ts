import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openNotifier } from '../../../src/cli/monitor/open-notifier.ts'
import type { Status } from '../../../src/registry/status.ts'
import { eventually } from '../../helpers/eventually.ts'
import { fakeIo } from '../../helpers/fake-io.ts'

const status: Status = {
  state: 'watching',
  since: '2026-01-01T00:00:00.000Z',
  failures: 0,
  retries: 1,
  worstCaseMs: 1000,
  succeeded: true,
}

async function told(t: Test, env: Record<string, string>): Promise<string> {
  const directory = t.testdir({ said: '' })
  const said = join(directory, 'said')
  const script = `#!/bin/sh\nprintf '%s\\n' "$NOTIFY_SOCKET" "$@" done >'${said}'\n`
  writeFileSync(join(directory, 'systemd-notify'), script, { mode: 0o755 })
  const io = fakeIo({ PATH: `${directory}:/usr/bin:/bin`, NOTIFY_SOCKET: '/run/x', ...env })
  openNotifier(io, (text) => t.fail(text))?.tell(status)
  await eventually('it was told', () => readFileSync(said, 'utf8').endsWith('done\n'))
  return readFileSync(said, 'utf8')
}

t.test('without a service manager there is nothing to tell', async (t) => {
  t.equal(
    openNotifier(fakeIo({}), () => t.fail()),
    undefined,
  )
})

t.test('what was settled is handed to systemd-notify', async (t) => {
  const said = await told(t, { WATCHDOG_USEC: '60000000', WATCHDOG_PID: String(process.pid) })
  t.equal(
    said,
    [
      '/run/x',
      'STATUS=watching: no check yet',
      'READY=1',
      'WATCHDOG_USEC=60000000',
      'WATCHDOG=1',
      'done\n',
    ].join('\n'),
  )
})

t.test('a watchdog that is none, or for another process, is not fed', async (t) => {
  for (const env of [
    {},
    { WATCHDOG_USEC: '0' },
    { WATCHDOG_USEC: 'x' },
    { WATCHDOG_USEC: '60000000', WATCHDOG_PID: '1' },
  ]) {
    t.notMatch(await told(t, env), 'WATCHDOG')
  }
})

t.test('that systemd-notify is missing is said', async (t) => {
  const troubles: string[] = []
  const io = fakeIo({ PATH: t.testdir(), NOTIFY_SOCKET: '/run/x' })
  t.equal(
    openNotifier(io, (text) => troubles.push(text)),
    undefined,
  )
  t.match(troubles, ['systemd-notify is not installed'])
})
