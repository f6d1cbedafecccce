import { rmSync } from 'node:fs'
import t from 'tap'
import type { Announcement } from '../../../src/alert/announcement.ts'
import { guardLicense } from '../../../src/cli/license/guard-license.ts'
import { licensePlaces } from '../../../src/cli/license/license-places.ts'
import { LicenseServer, machineIds } from '../../helpers/license-server.ts'

const trialKey = '07RE5tCr-90Z8kECW-KEAHBmTk-YDpPPbrs' // XX000000, 2025-12-01 to 2026-01-01

/** A guarded monitor whose clock and hours are the test's. */
async function guarded(server: LicenseServer, start: string) {
  let now = new Date(start)
  let work: (() => void) | undefined
  const said: Announcement[] = []
  const logged: string[] = []
  const guard = await guardLicense({
    places: licensePlaces(server.root),
    hostName: () => server.hostName,
    announce: (announcement) => said.push(announcement),
    log: (text) => logged.push(text),
    now: () => now,
    repeat: (given) => {
      work = given
      return () => {
        work = undefined
      }
    },
  })
  const at = (later: string) => {
    now = new Date(later)
    work?.()
    return said.splice(0).map(({ id }) => id)
  }
  return { guard, at, said, logged, isRepeated: () => work !== undefined }
}

t.test('without a license a monitor may not start, and says why', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  const { guard, said, isRepeated } = await guarded(server, '2025-12-15T12:00:00Z')
  t.equal(guard.mayStart, false)
  t.match(said, [{ id: 51 }])
  t.notOk(isRepeated())
  guard.close()
})

t.test('a trial is named at the start, and warned about until after its end', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  await server.run(['-i'], { stdin: `2\nXX000000\n${trialKey}\n` })
  const { guard, at, said, isRepeated } = await guarded(server, '2025-12-15T12:00:00Z')
  t.equal(guard.mayStart, true)
  t.match(said.splice(0), [{ id: 52, text: '01/01/2026' }])
  rmSync(server.store)
  t.strictSame(at('2025-12-15T13:00:00Z'), [], 'nothing new')
  t.strictSame(at('2025-12-25T13:00:00Z'), [52], 'seven days')
  t.strictSame(at('2025-12-26T13:00:00Z'), [])
  t.strictSame(at('2025-12-31T13:00:00Z'), [52], 'one day')
  t.strictSame(at('2026-01-03T13:00:00Z'), [53], 'it has ended; the monitor has not')
  t.strictSame(at('2026-01-04T13:00:00Z'), [])
  guard.close()
  t.notOk(isRepeated())
})

t.test('a license without an end is not spoken of', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  await server.run(['--community'])
  const { guard, at, said } = await guarded(server, '2025-12-15T12:00:00Z')
  t.equal(guard.mayStart, true)
  t.strictSame(said, [])
  t.strictSame(at('2035-12-15T12:00:00Z'), [])
})

t.test('neither a wrong configuration nor a lost shared directory stops a start', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  await server.run(['--community'])
  server.write('etc/clp-fsmon/clp-fsmon.toml', '[license]\nshared = "/no/such/directory"\n')
  const lost = await guarded(server, '2025-12-15T12:00:00Z')
  t.equal(lost.guard.mayStart, true)
  t.match(lost.logged, [/no\/such\/directory/])
  server.write('etc/clp-fsmon/clp-fsmon.toml', '[license]\nshared = 1\n')
  const wrong = await guarded(server, '2025-12-15T12:00:00Z')
  t.equal(wrong.guard.mayStart, true)
  t.match(wrong.logged, [/clp-fsmon\.toml:2: license\.shared: must be a full path in quotes/])
})

t.test('left to itself it looks again every hour, and keeps no process alive for it', async (t) => {
  const server = new LicenseServer(t, 'node1', machineIds.one)
  await server.run(['--community'])
  const { mayStart, close } = await guardLicense({
    places: licensePlaces(server.root),
    hostName: () => 'node1',
    announce: () => t.fail('there is nothing to say'),
    log: () => {},
  })
  t.ok(mayStart)
  close()
})
