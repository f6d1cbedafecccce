import { readdir } from 'node:fs/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { sambaProbe } from '../../src/probe/samba.ts'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { labuser } from '../helpers/smb-lab.ts'

t.setTimeout(900_000)
const options = { skip: skipOutsideLab() }

const total = 2_000
/** What a process may still take while it warms up; a leak of a hundred bytes a check is twice that. */
const heapAllowanceBytes = 2 * 1024 * 1024

setFlagsFromString('--expose-gc')
const collect: unknown = runInNewContext('gc')

function heapBytes(): number {
  if (typeof collect === 'function') collect()
  return process.memoryUsage().heapUsed
}

async function openSockets(): Promise<number> {
  return (await readdir('/proc/self/fd')).length
}

t.test('two thousand checks in a row leave nothing behind', options, async (t) => {
  const server = await Host.create({ name: 'samba' })
  t.teardown(() => server.down())
  const samba = await server.samba()
  const probe = sambaProbe({
    host: server.address,
    port: 445,
    share: 'user',
    depth: 'share',
    credentials: labuser,
    encrypt: false,
  })
  const { signal } = new AbortController()
  for (let i = 0; i < 200; i++) await probe(signal)

  const [log, sockets, heap] = [await samba.log(), await openSockets(), heapBytes()]
  const [began, cpu] = [performance.now(), process.cpuUsage()]
  const failures: unknown[] = []
  for (let i = 0; i < total; i++) {
    const outcome = await probe(signal)
    if (outcome.kind !== 'ok') failures.push(outcome)
  }
  const tookMs = performance.now() - began
  const { user, system } = process.cpuUsage(cpu)
  const heapAfter = heapBytes()

  t.comment(
    `${((total / tookMs) * 1000).toFixed(0)} checks a second, ${(tookMs / total).toFixed(2)} ms each`,
  )
  t.comment(`${((user + system) / total / 1000).toFixed(2)} ms of CPU each`)
  t.comment(`heap ${(heap / 1e6).toFixed(2)} MB before, ${(heapAfter / 1e6).toFixed(2)} MB after`)
  t.comment(`${sockets} file descriptors before, ${await openSockets()} after`)
  t.same(failures, [])
  await eventually('no socket is left', async () => (await openSockets()) <= sockets)
  t.ok(heapAfter - heap < heapAllowanceBytes, `heap grew by ${heapAfter - heap} bytes`)
  await eventually('no session is left', async () => {
    const { stdout } = await server.exec('smbstatus', ['--processes', '--fast'])
    return !stdout.includes('labuser')
  })
  t.equal(await samba.log(), log, 'Samba has nothing to complain of')
})
