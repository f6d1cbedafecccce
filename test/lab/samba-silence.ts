import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { checkLab, checkLate, expectOutcome } from '../helpers/smb-lab.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

/** Generous, because this machine has other things to do; what was measured is shown. */
const mostLateMs = 2_000
const deadlineMs = 1_500

async function expectLate(
  t: Test,
  name: string,
  check: Promise<{ outcome: Awaited<ReturnType<typeof checkLab>>; lateMs: number }>,
  expected: string,
): Promise<void> {
  const { outcome, lateMs } = await check
  expectOutcome(t, name, outcome, expected)
  t.comment(`  ${lateMs.toFixed(1)} ms after the deadline of ${deadlineMs} ms`)
  t.ok(lateMs < mostLateMs, `${name}: ${lateMs.toFixed(1)} ms late`)
}

/** A way to the server on which something happens before our n-th message is passed on. */
async function interpose(
  t: Test,
  address: string,
  nth: number,
  happen: () => Promise<void>,
): Promise<number> {
  let messages = 0
  const relay = createServer((near: Socket) => {
    const far = connect(445, address)
    const pass = async (data: Buffer) => {
      near.pause()
      if (++messages === nth) await happen()
      far.write(data)
      near.resume()
    }
    near.on('data', (data: Buffer) => void pass(data))
    far.on('data', (data) => near.write(data))
    far.on('end', () => near.end())
    far.on('error', () => near.resetAndDestroy())
    near.on('error', () => far.destroy())
    near.on('close', () => far.destroy())
  })
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  t.teardown(() => relay.close())
  return (relay.address() as AddressInfo).port
}

t.test(
  'a Samba that stands still is found at the deadline, whenever it froze',
  options,
  async (t) => {
    const server = await Host.create({ name: 'samba' })
    t.teardown(() => server.down())
    const samba = await server.samba()

    await samba.freeze()
    await expectLate(
      t,
      'frozen before accept',
      checkLate(server.address, deadlineMs),
      'negotiate 74[110]',
    )
    await samba.thaw()
    expectOutcome(t, 'thawed', await checkLab(server.address), { session: 'user' })

    const moments: [string, number, string][] = [
      ['frozen after accept', 1, 'negotiate 74[110]'],
      ['frozen after negotiate', 2, 'session 74[110]'],
      ['frozen within the login', 3, 'session 74[110]'],
      ['frozen after the login', 4, 'tree 74[110]'],
      ['frozen after tree connect', 5, 'close 74[110]'],
    ]
    for (const [name, nth, expected] of moments) {
      const port = await interpose(t, server.address, nth, () => samba.freeze())
      await expectLate(t, name, checkLate('127.0.0.1', deadlineMs, { port }), expected)
      await samba.thaw()
    }
    expectOutcome(t, 'thawed again', await checkLab(server.address), { session: 'user' })
  },
)

t.test('a Samba that dies in the middle is found at once', options, async (t) => {
  const server = await Host.create({ name: 'samba' })
  t.teardown(() => server.down())
  const samba = await server.samba()
  const moments: [string, number, RegExp][] = [
    ['killed after accept', 1, /^negotiate 64\[(0|104)\]$/],
    ['killed after negotiate', 2, /^session 75\[(0|104)\]$/],
    ['killed after the login', 4, /^tree 75\[(0|104)\]$/],
    ['killed after tree connect', 5, /^close 75\[(0|104)\]$/],
  ]
  for (const [name, nth, expected] of moments) {
    const port = await interpose(t, server.address, nth, () => samba.kill())
    const outcome = await checkLab('127.0.0.1', { port })
    t.match(
      outcome.kind === 'failed' && `${outcome.stage} ${outcome.cause.id}[${outcome.cause.nn}]`,
      expected,
      name,
    )
    t.comment(`${name}: ${'reason' in outcome ? outcome.reason : outcome.kind}`)
    await samba.restart()
  }
})

t.test(
  'a host that is not there, or does not let us, is told by how it refuses',
  options,
  async (t) => {
    const server = await Host.create({ name: 'samba' })
    t.teardown(() => server.down())
    const samba = await server.samba()

    const cuts: [string, Parameters<Host['cut']>[0], string][] = [
      ['packets dropped', { mode: 'drop', port: 445 }, 'connect 72[110]'],
      ['connected, then silence', { mode: 'silence', port: 445 }, 'negotiate 74[110]'],
    ]
    for (const [name, cut, expected] of cuts) {
      await server.cut(cut)
      await expectLate(t, name, checkLate(server.address, deadlineMs), expected)
      await server.heal()
    }
    await server.cut({ mode: 'reject', port: 445 })
    expectOutcome(t, 'rejected', await checkLab(server.address), 'connect 72[113]')
    await server.heal()
    await server.cut({ mode: 'reset', port: 445 })
    expectOutcome(t, 'reset', await checkLab(server.address), 'connect 72[111]')
    await server.heal()
    await samba.stop()
    expectOutcome(t, 'stopped', await checkLab(server.address), 'connect 72[111]')
    await expectLate(t, 'no such host', checkLate('10.213.254.254', deadlineMs), 'connect 72[110]')
  },
)
