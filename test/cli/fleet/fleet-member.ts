import t from 'tap'
import { DiagnosisProcess } from '../../../src/cli/diagnosis/diagnosis-process.ts'
import { FleetMember, type FleetParts } from '../../../src/cli/fleet/fleet-member.ts'
import { monitorRequest } from '../../../src/cli/monitor/monitor-request.ts'
import type { Entry } from '../../../src/alert/entry.ts'
import { layoutUnder } from '../../../src/registry/layout.ts'
import { Registry } from '../../../src/registry/registry.ts'
import type { Status } from '../../../src/registry/status.ts'
import { systemClock } from '../../../src/watch/clock.ts'
import { Gate } from '../../../src/watch/gate.ts'
import { eventually } from '../../helpers/eventually.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import { watchedNfs, type WatchedNfs } from '../../helpers/nfs-watch.ts'

const forever = new AbortController().signal

function parts(nfs: WatchedNfs) {
  const registry = new Registry(layoutUnder(nfs.env.CLP_FSMON_ROOT).run)
  const said: Entry[] = []
  const statuses: Status[] = []
  const given: FleetParts = {
    io: fakeIo(),
    registry,
    layout: layoutUnder(nfs.env.CLP_FSMON_ROOT),
    outstanding: new Set(),
    repair: undefined,
    gate: new Gate(systemClock, { inAll: 4, perAddress: 4, holdMs: 250 }),
    ports: new Gate(systemClock, { inAll: 4, perAddress: 4 }),
    pass: (entry) => said.push(entry),
    onStatus: (_, status) => statuses.push(status),
    diagnosis: async () => undefined,
    onReload: async () => ({ ok: true, state: 'watching', text: 'read again' }),
  }
  const request = monitorRequest('clp_nfsmon', ['a1', ...nfs.argv, '-i', '1', '-c', '1', '-r', '1'])
  if (request.want !== 'watch') throw new Error('not a watch')
  const entry = { id: 'a1', group: 'data', settings: request.settings }
  return { registry, said, statuses, given, entry }
}

t.test('a watch says whose word it is, and keeps its record to its end', async (t) => {
  const nfs = await watchedNfs(t)
  const { registry, said, statuses, given, entry } = parts(nfs)
  const opened = await FleetMember.open(entry, given, 1000)
  if (opened.kind !== 'open') throw new Error('in use')
  const { member } = opened
  t.equal(nfs.checks(), 0, 'it does not begin before it is told to')
  const ending = member.run(() => false)
  await eventually('it is well', () => statuses.at(-1)?.state === 'watching')
  t.match(said, [{ kind: 'alert', id: 1, monitor: 'a1', target: '/srv/data' }, { id: 2 }])
  t.match(await registry.read('a1'), { record: { options: { group: 'data' } } })
  t.equal(member.status.lastCheck?.verdict, 'ok')
  const ask = async (action: 'status' | 'reload' | 'stop') =>
    registry.ask('a1', { command: 'clp_nfsmon', action }, forever)
  t.match(await ask('status'), { answer: { ok: true, state: 'watching' } })
  t.match(await ask('reload'), { answer: { text: 'read again' } })
  t.match(await ask('stop'), { answer: { ok: true } })
  t.strictSame(await ending, { how: 'stopped', exitStatus: 0 })
  await member.recorded
  t.match(await registry.read('a1'), { kind: 'ended' })
})

t.test('an ID that is in use is not opened, and who has it is told', async (t) => {
  const nfs = await watchedNfs(t)
  const { registry, said, given, entry } = parts(nfs)
  const first = await FleetMember.open(entry, given, 1000)
  if (first.kind !== 'open') throw new Error('in use')
  const second = await FleetMember.open(entry, given, 1000)
  if (second.kind !== 'in-use') throw new Error('open')
  t.equal(second.holder?.process.pid, process.pid)
  second.announce()
  await eventually('it is said', () => said.some(({ id }) => id === 14))
  await first.member.close()
  t.match(await registry.read('a1'), { kind: 'ended', record: { ended: { how: 'stopped' } } })
})

t.test('a watch that diagnoses is diagnosed by what the process has for all', async (t) => {
  const nfs = await watchedNfs(t)
  const { given, entry } = parts(nfs)
  const process = new DiagnosisProcess({ file: '/no/such/command', args: [] }, 60_000)
  let asked = 0
  const diagnosis = async () => {
    asked += 1
    return process
  }
  const settings = { ...entry.settings, diagnose: true }
  const opened = await FleetMember.open({ ...entry, settings }, { ...given, diagnosis }, 1000)
  if (opened.kind !== 'open') throw new Error('in use')
  t.equal(asked, 1)
  await opened.member.close()
  t.equal(await process.close(1000), true)
})
